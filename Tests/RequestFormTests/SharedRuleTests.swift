import Testing

@testable import RequestForm

/// Rules that hold for every encoding.
@Suite struct SharedRuleTests {
    /// A Content-Type, and how fields of plain text are written under it.
    struct Encoding: CustomTestStringConvertible {
        let type: String
        let write: @Sendable ([(String, String)]) -> String
        var testDescription: String { self.type }
    }

    static let encodings = [
        Encoding(type: "multipart/form-data; boundary=b") { ClientTests.multipart("b", $0) },
        Encoding(type: "application/x-www-form-urlencoded") {
            $0.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        },
        Encoding(type: "application/json") {
            "{" + $0.map { "\"\($0.0)\":\"\($0.1 == "\0" ? "\\u0000" : $0.1)\"" }.joined(separator: ",") + "}"
        },
    ]

    @Test(arguments: encodings)
    func aNameGivenTwiceIsAnErrorHoweverOften(encoding: Encoding) {
        let body = encoding.write([("a", "1"), ("b", "2"), ("a", "1"), ("a", "3")])
        #expect(outcome(encoding.type, body) == invalid("a", "is given more than once"))
    }

    @Test(arguments: encodings)
    func everyBadFieldIsNamedInOrder(encoding: Encoding) {
        let body = encoding.write([("z", "\0"), ("b", "2"), ("a", "\0"), ("b", "2")])
        let problems = [
            FieldProblem(field: "z", message: "holds a NUL character"),
            FieldProblem(field: "a", message: "holds a NUL character"),
            FieldProblem(field: "b", message: "is given more than once"),
        ]
        #expect(outcome(encoding.type, body) == .failure(.invalidFields(problems)))
    }

    @Test(arguments: encodings)
    func countAndLengthOfNamesAreBounded(encoding: Encoding) {
        let many = (1...64).map { ("f\($0)", "v") }
        #expect(outcome(encoding.type, encoding.write(many)) == .success(Dictionary(uniqueKeysWithValues: many)))
        #expect(
            outcome(encoding.type, encoding.write(many + [("g", "v")]))
                == .failure(.malformed("the body has more than 64 fields")))
        #expect(
            outcome(encoding.type, encoding.write([(String(repeating: "n", count: 129), "v")]))
                == .failure(.malformed("a field's name is longer than 128 bytes")))
    }
}
