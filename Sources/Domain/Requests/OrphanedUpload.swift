/// An upload at `status` 0 that no job of this service works for: its request was lost, or never came.
package struct OrphanedUpload: Hashable, Sendable {
    package let id: ObjectID
    /// What its document says, under the names of request fields.
    package let fields: [String: String]
    /// Since `createdAt`, by the database's clock; `nil` when the document does not tell.
    package let age: Duration?

    package init(id: ObjectID, fields: [String: String], age: Duration?) {
        self.id = id
        self.fields = fields
        self.age = age
    }

    /// What the warm start does about it (design, section 4).
    package enum Verdict: Hashable, Sendable {
        /// Its document holds a whole request: process it.
        case takeUp
        /// Its request may still be on the way.
        case tooYoung
        /// The backend has given it up, or the replaced system left it.
        case tooOld
        case incomplete(missing: [String])
    }

    /// Ages between which an upload is taken up.
    package static let ages = Duration.seconds(60)..<Duration.seconds(3 * 3600)

    package var verdict: Verdict {
        let missing = Self.neededFields.filter { self.fields[$0] == nil }
        if !missing.isEmpty { return .incomplete(missing: missing) }
        guard let age = self.age else { return .incomplete(missing: ["createdAt"]) }
        if age < Self.ages.lowerBound { return .tooYoung }
        return age < Self.ages.upperBound ? .takeUp : .tooOld
    }

    private static let neededFields = [
        "project_id", "frame_rate", "content_path", "force_write", "auto_anno_version", "request_type",
    ]
}

extension OrphanedUpload: CustomStringConvertible {
    package var description: String {
        switch self.verdict {
        case .takeUp: "upload \(self.id): has waited for its request; it is taken up"
        case .tooYoung: "upload \(self.id): its request may still come; it waits"
        case .tooOld: "upload \(self.id): older than three hours; only a new request starts it"
        case .incomplete(let missing):
            "upload \(self.id): its document lacks \(missing.joined(separator: ", ")); only a new request starts it"
        }
    }
}
