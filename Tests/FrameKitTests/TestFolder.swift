import Foundation

/// A new directory for the files of one test, removed with the value.
final class TestFolder: Sendable {
    let url: URL
    var path: String { self.url.path }

    init() throws {
        self.url = FileManager.default.temporaryDirectory
            .appendingPathComponent("framekit-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
    }

    deinit {
        // Best effort: the system clears its temporary directory anyway.
        try? FileManager.default.removeItem(at: self.url)
    }

    /// The path of the file `name`.
    func file(_ name: String) -> String { self.url.appendingPathComponent(name).path }
}
