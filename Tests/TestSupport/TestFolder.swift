package import Foundation

/// A new directory for the files of one test, removed with the value.
package final class TestFolder: Sendable {
    package let url: URL
    package var path: String { self.url.path }

    package init() throws {
        self.url = FileManager.default.temporaryDirectory
            .appendingPathComponent("content-processor-test-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
    }

    deinit {
        // Best effort: the system clears its temporary directory anyway.
        try? FileManager.default.removeItem(at: self.url)
    }

    /// The path of the file `name`.
    package func file(_ name: String) -> String { self.url.appendingPathComponent(name).path }
}
