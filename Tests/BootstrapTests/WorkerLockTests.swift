import Bootstrap
import Foundation
import Testing

@Suite struct WorkerLockTests {
    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("locks-\(UUID().uuidString)").path
        // Best effort: the system clears its temporary directory anyway.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// The file of a process that was killed: a copy has everything but the lock.
    private static func abandonLock(of owner: String, in folder: String) throws {
        let lock = try WorkerLock(of: owner, in: folder)
        let directory = "\(folder)/workers"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: directory).first)
        try FileManager.default.copyItem(
            atPath: "\(directory)/\(name)", toPath: "\(directory)/\(name.dropLast(5))0.lock")
        withExtendedLifetime(lock) {}
    }

    @Test func aLivingWorkerHasNotEnded() async throws {
        try await Self.withFolder { folder in
            let lock = try WorkerLock(of: "host/1/a", in: folder)
            #expect(await WorkerLock.endedOwners(in: folder).isEmpty)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func aWorkerThatGaveItsLockBackLeavesNothing() async throws {
        try await Self.withFolder { folder in
            do { _ = try WorkerLock(of: "host/1/a", in: folder) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/workers").isEmpty)
        }
    }

    @Test func aKilledWorkerIsFoundOnceByItsName() async throws {
        try await Self.withFolder { folder in
            try Self.abandonLock(of: "host/2/b", in: folder)
            let ended = await WorkerLock.endedOwners(in: folder)
            #expect(ended.map(\.owner) == ["host/2/b"])
            for worker in ended { worker.removeFile() }
            #expect(await WorkerLock.endedOwners(in: folder).isEmpty)
        }
    }

    @Test func locksOfAnotherMachineAreLeftAlone() async throws {
        try await Self.withFolder { folder in
            let directory = "\(folder)/workers"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try "elsewhere/3/c".write(toFile: "\(directory)/another-machine-1.lock", atomically: false, encoding: .utf8)
            #expect(await WorkerLock.endedOwners(in: folder).isEmpty)
        }
    }

    @Test func whereNoWorkerHasEverRunNoneHasEnded() async throws {
        try await Self.withFolder { folder in #expect(await WorkerLock.endedOwners(in: folder).isEmpty) }
    }
}
