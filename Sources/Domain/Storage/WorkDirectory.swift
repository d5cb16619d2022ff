internal import FoundationEssentials

/// Folders below the folder for work files. Blocks for as long as a local disk does.
package enum WorkDirectory {
    /// Makes the folder at `path` and those around it; harmless when it is there.
    ///
    /// - Throws: ``WorkFailure`` with 507 that waits for room or rights, as on a full or read-only disk.
    package static func make(at path: String) throws(WorkFailure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            let message = "The folder \(path) cannot be made; make room, or let the user of the service write there."
            throw WorkFailure(failure: .dependency(JobError(code: 507, message: message)))
        }
    }

    /// Makes the folder that the file at `path` lies in.
    package static func make(around path: String) throws(WorkFailure) {
        try self.make(at: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    }

    /// Removes the folder and all that is in it; harmless when there is none.
    package static func remove(at path: String) {
        // What stays is found again by its name.
        try? FileManager.default.removeItem(atPath: path)
    }
}
