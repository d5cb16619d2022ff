internal import FoundationEssentials
import Glibc

/// The folder of compiled models, which all workers of a machine share.
struct CacheFolder {
    let path: String

    /// Waits until no other process writes to the folder: OpenVINO itself would read half-written models.
    ///
    /// - Throws: ``EngineError/Code/failed`` when the folder cannot be made.
    func lock() throws(EngineError) -> Lock {
        do {
            try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
        } catch {
            throw EngineError(.failed, "The folder of compiled models \(self.path) cannot be made: \(error)")
        }
        let file = unsafe open("\(self.path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0, flock(file, LOCK_EX) == 0 else {
            throw EngineError(.failed, "The folder of compiled models \(self.path) cannot be locked.")
        }
        return Lock(file: file)
    }

    /// Held by whoever compiles.
    struct Lock {
        fileprivate let file: Int32

        func release() { close(self.file) }
    }
}
