package import Domain
internal import FoundationEssentials
package import Logging
package import MongoStore
package import ObjectStore

/// Compares the store with a version's manifest, byte for byte.
package struct StoreComparison: Sendable {
    private let context: BuildContext
    /// Objects that are read at a time.
    private static let readCount = 4

    package init(database: AnnotationDatabase, store: any BlobStore, settings: DatasetSettings, logger: Logger) {
        self.context = BuildContext(database: database, store: store, settings: settings, logger: logger)
    }

    package struct Report: Codable, Hashable, Sendable {
        /// Objects that are as the manifest says.
        package fileprivate(set) var matching = 0
        package fileprivate(set) var missing: [String] = []
        /// Objects with other bytes than the manifest says.
        package fileprivate(set) var changed: [String] = []
        /// Objects under the version's own keys that the manifest does not know.
        package fileprivate(set) var surplus: [String] = []

        package var isClean: Bool { self.missing.isEmpty && self.changed.isEmpty && self.surplus.isEmpty }
    }

    /// - Parameter progress: told after each object how many of how many were read.
    /// - Throws: `BlobError`, `StoreError`, or ``WorkFailure`` for a version without a manifest.
    package func run(
        _ id: ObjectID, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> Report {
        guard let version = try await self.context.database.datasets.find(id) else {
            throw WorkFailure.permanent(404, "There is no dataset version \(id).")
        }
        let objects = try await self.manifest(of: version)
        var report = Report()
        try await withThrowingTaskGroup(of: (String, Difference).self) { group in
            for (position, object) in objects.enumerated() {
                if position >= Self.readCount, let (key, difference) = try await group.next() {
                    report.add(difference, key)
                }
                progress(position, objects.count)
                group.addTask { (object.key, try await self.look(at: object)) }
            }
            for try await (key, difference) in group { report.add(difference, key) }
        }
        report.surplus = try await self.surplus(of: version, beside: Set(objects.map(\.key)))
        report.missing.sort()
        report.changed.sort()
        return report
    }

    fileprivate enum Difference { case matching, missing, changed }

    private func manifest(of version: DatasetVersion) async throws -> [DatasetObject] {
        let scratch = ScratchFile(
            folder: self.context.settings.workFolder, name: "manifest-\(UInt64.random(in: .min ... .max))")
        defer { scratch.remove() }
        guard try await self.context.store.download(version.keys.manifest, to: scratch.makePath()) != nil else {
            throw WorkFailure.permanent(404, "The version \(version.number) has no manifest: it was never built whole.")
        }
        let lines = try Data(contentsOf: URL(fileURLWithPath: scratch.path)).split(separator: UInt8(ascii: "\n"))
        return try lines.map { try JSONDecoder().decode(DatasetObject.self, from: Data($0)) }
    }

    private func look(at object: DatasetObject) async throws -> Difference {
        let scratch = ScratchFile(
            folder: self.context.settings.workFolder, name: "object-\(UInt64.random(in: .min ... .max))")
        defer { scratch.remove() }
        do {
            guard let arrived = try await self.context.store.download(object.key, to: scratch.makePath()) else {
                return .missing
            }
            return arrived.sha256 == object.sha256 && arrived.byteCount == object.byteCount ? .matching : .changed
        } catch let error as BlobError where error.code == .unreadable {
            return .changed
        }
    }

    private func surplus(of version: DatasetVersion, beside known: Set<String>) async throws -> [String] {
        let store = self.context.store
        var surplus = try await store.keys(startingWith: version.keys.versionPrefix)
            .filter { $0 != version.keys.manifest && !known.contains($0) }
        for task in version.taskIds {
            surplus += try await store.keys(startingWith: version.keys.prefix(ofTask: task)).filter {
                version.keys.owner(of: $0, task: task) == .version && !known.contains($0)
            }
        }
        return surplus
    }
}

extension StoreComparison.Report {
    fileprivate mutating func add(_ difference: StoreComparison.Difference, _ key: String) {
        switch difference {
        case .matching: self.matching += 1
        case .missing: self.missing.append(key)
        case .changed: self.changed.append(key)
        }
    }
}
