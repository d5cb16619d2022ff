import Domain
import DatasetBuilder
import Hummingbird

/// `POST /api/createDataSet` (contract, section 1): starts the build of a dataset version.
struct CreateDataSetRoute: Sendable {
    let intake: DatasetIntake

    private static let field = "data_version_id"

    func add(to group: RouterGroup<APIRequestContext>) {
        group.post("createDataSet") { _, context in try await self.create(context.fields) }
    }

    private func create(_ fields: [String: String]) async throws -> Response {
        guard let text = fields[Self.field], let version = ObjectID(text) else {
            let reason = fields[Self.field] == nil ? "is missing" : "must be an ObjectId of 24 hexadecimal digits"
            let error = FieldError(field: Self.field, message: "\(Self.field) \(reason).")
            throw Problem(400, error.message, errors: [error])
        }
        _ = try await self.intake.start(version)
        return Response(status: .created)
    }
}
