import Domain
import ContentPipeline
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// `GET /api/autoAnnotationVersions`, `GET …/{version}` and `POST /api/autoAnnotationVersions`.
///
/// A registration's fields come in a form or JSON, with a model that lies in the folder of models; or in the query,
/// with the model file itself as a body of the type `application/octet-stream` (the key in a header then).
struct AutoAnnotationRoutes: Sendable {
    let annotators: AnnotatorRegistry
    let upload: ModelUpload

    func add(to group: RouterGroup<APIRequestContext>) {
        group.get("autoAnnotationVersions") { _, _ in
            try Response.json(try await self.annotators.entries().map(AnnotatorView.init))
        }
        group.get("autoAnnotationVersions/:version") { _, context in
            let number = context.parameters.get("version").flatMap { Int($0) }
            guard let number, let entry = try await self.annotators.entry(number) else {
                throw Problem.notFound("There is no such auto-annotation version.")
            }
            return try Response.json(AnnotatorView(entry))
        }
        group.post("autoAnnotationVersions") { request, context in
            guard ModelUpload.isModel(request) else {
                try Self.checkEmptyQuery(of: request)
                return try await self.register(context.fields)
            }
            return try await self.upload.withFile(from: request) { path in
                var fields = context.fields
                // Only a name for messages.
                fields["model"] = fields["model"] ?? "The model file"
                return try await self.register(fields, model: path)
            }
        }
    }

    /// A field that stands where nobody reads it is a mistake of the caller's, not to be passed over.
    private static func checkEmptyQuery(of request: Request) throws(Problem) {
        let names = try request.parameters().keys.sorted()
        guard !names.isEmpty else { return }
        let errors = names.map {
            FieldError(field: $0, message: "\($0) belongs in the body, as the body is no model file.")
        }
        throw Problem(400, errors.map(\.message).joined(separator: " "), errors: errors)
    }

    private func register(_ fields: [String: String], model: String? = nil) async throws -> Response {
        let asked: AnnotatorVersion
        do throws(FieldErrors) {
            asked = try AnnotatorVersion(fields: fields, createdAt: Date())
        } catch {
            throw Problem(IntakeRejection.badFields(error.errors))
        }
        let registered = try await self.annotators.register(asked, model: model)
        guard let entry = try await self.annotators.entry(registered.number) else {
            throw Problem.notFound("The version was removed again.")
        }
        return try Response.json(AnnotatorView(entry), status: .created)
    }
}
