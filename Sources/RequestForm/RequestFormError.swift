/// Why a request's body gives no fields.
package enum RequestFormError: Error, Hashable, Sendable {
    /// The encoding is none of the three: answer 415 with this sentence.
    case unsupportedType(String)
    /// The body is not what its Content-Type says: answer 400 with this sentence.
    case malformed(String)
    /// The body is sound and these fields are not, in the order of the body: answer 400 and name them.
    case invalidFields([FieldProblem])
}

/// What is wrong with one field.
package struct FieldProblem: Hashable, Sendable {
    package let field: String
    /// Completes a sentence that begins with the field's name.
    package let message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}
