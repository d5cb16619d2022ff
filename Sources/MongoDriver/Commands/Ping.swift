package import FoundationEssentials

extension MongoDatabase {
    /// Asks the server whether it answers, for readiness probes.
    public func ping() async throws(StoreError) {
        _ = try await self.read(["ping": 1], call: "ping")
    }

    /// What the server says of itself: its role, limits and set name.
    package func hello() async throws(StoreError) -> BSONDocument {
        try await self.read(["hello": 1], call: "hello")
    }

    /// The server's clock, which leases are measured by.
    package func serverTime() async throws(StoreError) -> Date {
        guard let date = try await self.hello()["localTime"]?.dateValue else {
            throw StoreError(.refused, call: "hello", message: "the server does not tell its time")
        }
        return date
    }

    /// Removes the database with all its collections and indexes.
    public func drop() async throws(StoreError) {
        _ = try await self.write(["dropDatabase": 1], call: "dropDatabase")
    }
}
