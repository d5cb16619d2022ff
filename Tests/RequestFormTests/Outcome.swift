@testable import RequestForm

/// What a body says, or the error that it causes.
func outcome(_ contentType: String?, _ body: [UInt8]) -> Result<[String: String], RequestFormError> {
    do {
        return .success(try RequestForm(contentType: contentType, body: body).fields)
    } catch {
        return .failure(error)
    }
}

func outcome(_ contentType: String?, _ body: String) -> Result<[String: String], RequestFormError> {
    outcome(contentType, Array(body.utf8))
}

/// One field and the complaint about it.
func invalid(_ field: String, _ message: String) -> Result<[String: String], RequestFormError> {
    .failure(.invalidFields([FieldProblem(field: field, message: message)]))
}
