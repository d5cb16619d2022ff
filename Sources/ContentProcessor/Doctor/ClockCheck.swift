import Domain
import FoundationEssentials
import MongoStore
import ObjectStore

/// This machine's clock beside those of MongoDB and the object store.
///
/// Leases are measured by MongoDB's clock alone, but S3 refuses signatures of another time, and dates in documents and
/// logs should agree.
struct ClockCheck: Check {
    private static let name = "clock"
    /// An answer's `Date` has whole seconds.
    private static let tolerance = 2.5
    /// S3 allows 15 minutes.
    private static let limit = 600.0

    let database: Result<AnnotationDatabase, StoreError>
    let store: Result<any BlobStore, BlobError>

    func diagnostics() async -> [Diagnostic] {
        async let mongoDB = self.offsetOfDatabase()
        async let store = self.offsetOfStore()
        let offsets = await [("MongoDB", mongoDB), ("the object store", store)].compactMap { name, offset in
            offset.map { (name: name, seconds: $0) }
        }
        guard let worst = offsets.max(by: { abs($0.seconds) < abs($1.seconds) }) else {
            return [
                .warning(Self.name, "no other clock was within reach", advice: "look again when MongoDB answers")
            ]
        }
        let seen = offsets.map { "\(Self.text($0.seconds)) \($0.name)" }.joined(separator: ", ")
        let advice = "set the clocks by NTP (timedatectl set-ntp true)"
        switch abs(worst.seconds) {
        case ...Self.tolerance: return [.ok(Self.name, seen)]
        case ...Self.limit: return [.warning(Self.name, seen, advice: advice)]
        default: return [.failed(Self.name, seen, advice: "\(advice); S3 refuses what is signed at another time")]
        }
    }

    /// Seconds by which this machine is ahead; `nil` when the database is away.
    private func offsetOfDatabase() async -> Double? {
        guard let database = try? self.database.get(), let examination = try? await database.examine()
        else { return nil }  // The database's own check tells.
        return examination.localTime.timeIntervalSince(examination.serverTime)
    }

    /// Seconds by which this machine is ahead; `nil` when the store is away or has no clock of its own.
    private func offsetOfStore() async -> Double? {
        guard let store = try? self.store.get(), let time = try? await store.serverTime()
        else { return nil }  // The store's own check tells.
        // The answer's time is cut to whole seconds.
        return Date().timeIntervalSince(time) - 0.5
    }

    private static func text(_ seconds: Double) -> String {
        let tenths = Int((abs(seconds) * 10).rounded())
        let amount = "\(tenths / 10).\(tenths % 10) s"
        return tenths == 0 ? "\(amount) from" : "\(amount) \(seconds > 0 ? "ahead of" : "behind")"
    }
}
