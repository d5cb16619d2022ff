import MongoStore

/// MongoDB: that it answers, what it is, that it takes writes, and that it has the indexes.
struct DatabaseCheck: Check {
    let database: Result<AnnotationDatabase, StoreError>

    /// Older servers lack aggregation stages that publishing needs.
    private static let oldestVersion = [4, 4]

    func diagnostics() async -> [Diagnostic] {
        let database: AnnotationDatabase
        let examination: DatabaseExamination
        do throws(StoreError) {
            database = try self.database.get()
            examination = try await database.examine()
        } catch {
            return [.failed("mongodb", "\(error)", advice: Self.advice(on: error))]
        }
        return [
            Self.server(examination), await Self.writes(to: database, examination),
            await Self.indexes(of: database, examination),
        ]
    }

    private static func server(_ examination: DatabaseExamination) -> Diagnostic {
        let place = examination.replicaSet.map { "replica set \($0)" } ?? "a server that stands alone"
        let seen = "MongoDB \(examination.version), \(place)"
        let version = examination.version.split(separator: ".").prefix(2).compactMap { Int($0) }
        guard !version.lexicographicallyPrecedes(Self.oldestVersion) else {
            return .failed("mongodb", seen, advice: "upgrade to MongoDB 4.4 or newer; 6.0 is tested")
        }
        return .ok("mongodb", seen)
    }

    private static func writes(to database: AnnotationDatabase, _ examination: DatabaseExamination) async -> Diagnostic
    {
        do throws(StoreError) {
            try await database.tryWriting()
            let who = examination.replicaSet == nil ? "the server" : "a majority of the replica set"
            return .ok("mongodb_writes", "\(who) confirms writes")
        } catch {
            return .failed("mongodb_writes", "\(error)", advice: Self.advice(on: error))
        }
    }

    /// Makes the indexes that are missing, as every start of the service does.
    private static func indexes(of database: AnnotationDatabase, _ examination: DatabaseExamination) async -> Diagnostic
    {
        let missing = examination.missingIndexes
        do throws(StoreError) {
            try await database.prepareOnce()
            let seen = missing.isEmpty ? "all are there" : "all are there, \(missing.count) of them since now"
            return .ok("mongodb_indexes", seen)
        } catch {
            let seen = missing.isEmpty ? "\(error)" : "missing \(missing.joined(separator: ", ")): \(error)"
            return .failed("mongodb_indexes", seen, advice: Self.advice(on: error))
        }
    }

    private static func advice(on error: StoreError) -> String {
        switch error.code {
        case .unavailable:
            "start MongoDB, wait for a primary, or correct [MongoDB] uri or server_ip and port, or the network between"
        case .denied: "correct user and password in [MongoDB]; the user needs the role readWrite on db_name"
        case .duplicateKey: "two documents share a key that must be unique; the message names them"
        case .invalid, .refused: "correct [MongoDB], or what the message names"
        }
    }
}
