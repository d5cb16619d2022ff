import Domain
import Hummingbird

extension Request {
    /// The query's parameters by name.
    ///
    /// - Throws: ``Problem`` with 400 that names every parameter that is given more than once.
    func parameters() throws(Problem) -> [String: String] {
        var parameters: [String: String] = [:]
        var doubles: [String] = []
        for (name, value) in self.uri.queryParameters
        where parameters.updateValue(String(value), forKey: String(name)) != nil && !doubles.contains(String(name)) {
            doubles.append(String(name))
        }
        guard doubles.isEmpty else {
            let errors = doubles.map { FieldError(field: $0, message: "\($0) is given more than once.") }
            throw Problem(400, errors.map(\.message).joined(separator: " "), errors: errors)
        }
        return parameters
    }
}
