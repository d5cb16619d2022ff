internal import FoundationEssentials
internal import Glibc

/// The folder for work files, as readiness probes see it.
package struct WorkFolder: Sendable {
    private let path: String

    /// Room below which clips can no longer be made: some hundred frames of ordinary video.
    private static let leastByteCount: UInt64 = 16 << 20

    package init(settings: PipelineSettings) { self.path = settings.folders.work }

    /// Why no work can be done in the folder: one plain sentence.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// Makes the folder where there is none, and asks the file system; blocks for as long as a local disk does.
    package func checkReadiness() throws(Problem) {
        do { try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true) } catch {
            throw Problem(description: "\(self.path) cannot be made: \(error)")
        }
        guard unsafe access(self.path, W_OK) == 0 else {
            throw Problem(description: "\(self.path) cannot be written to")
        }
        guard let byteCount = FreeSpace.byteCount(at: self.path) else {
            throw Problem(description: "\(self.path) cannot be examined")
        }
        guard byteCount >= Self.leastByteCount else {
            throw Problem(
                description: "only \(byteCount >> 10) kB are free in \(self.path); work waits for 16 MB")
        }
    }
}

/// Room on the file system of a path.
package enum FreeSpace {
    /// Bytes that may still be written; `nil` when the file system cannot be asked.
    package static func byteCount(at path: String) -> UInt64? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
