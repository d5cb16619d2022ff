package import FoundationEssentials
package import MongoDriver

/// What a look at the database showed.
package struct DatabaseExamination: Sendable {
    /// The server's, such as `6.0.5`.
    package let version: String
    /// `nil` for a server that stands alone.
    package let replicaSet: String?
    /// The server's clock, and this machine's in the middle of the question.
    package let serverTime: Date
    package let localTime: Date
    /// Indexes that the service needs, by collection and name, that are not there yet.
    package let missingIndexes: [String]
}

extension AnnotationDatabase {
    /// Looks at the server without changing anything.
    package func examine() async throws(StoreError) -> DatabaseExamination {
        let asked = Date()
        let hello = try await self.database.hello()
        let answered = Date()
        guard let serverTime = hello["localTime"]?.dateValue else {
            throw StoreError(.refused, call: "hello", message: "the server does not tell its time")
        }
        let build = try await self.database.read(["buildInfo": 1], call: "buildInfo")
        return DatabaseExamination(
            version: build["version"]?.stringValue ?? "unknown", replicaSet: hello["setName"]?.stringValue,
            serverTime: serverTime, localTime: asked.addingTimeInterval(answered.timeIntervalSince(asked) / 2),
            missingIndexes: try await self.missingIndexes())
    }

    /// Waits until a majority confirms a write that changes nothing: it shows that writing is allowed and heard.
    package func tryWriting() async throws(StoreError) {
        try await self.database.collection(CollectionName.jobs).deleteOne(["_id": "no job has this id"])
    }
}
