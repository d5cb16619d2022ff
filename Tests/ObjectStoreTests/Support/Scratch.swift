import Foundation
import ObjectStore

/// A directory of the test's own, removed with it.
final class Scratch {
    let path: String

    init() throws {
        self.path = "\(NSTemporaryDirectory())/objectstore-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit {
        // A directory that stays does no harm to the next run.
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// Writes a file and returns its path and SHA-256.
    func file(_ bytes: Data, named name: String = UUID().uuidString) async throws -> (path: String, sha256: String) {
        let path = "\(self.path)/\(name)"
        try bytes.write(to: URL(fileURLWithPath: path))
        return (path, try await ContentDigest.sha256(ofFileAt: path))
    }

    func file(_ text: String) async throws -> (path: String, sha256: String) {
        try await self.file(Data(text.utf8))
    }
}
