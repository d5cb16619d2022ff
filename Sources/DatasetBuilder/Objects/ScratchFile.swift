internal import Domain
internal import FoundationEssentials
internal import Glibc

/// A temporary file of a build, below the folder for work files. Its name tells which job it belongs to.
struct ScratchFile: Sendable {
    private let folder: String
    let path: String

    init(folder: String, name: String) {
        self.folder = "\(folder)/datasets"
        self.path = "\(self.folder)/\(name)"
    }

    init(folder: String, item: WorkItem, name: String) {
        self.init(folder: folder, name: "\(item.jobId)-\(item.id)-\(item.fence)-\(name)")
    }

    /// The path, after making the folder that it is in.
    func makePath() throws(WorkFailure) -> String {
        try WorkDirectory.make(at: self.folder)
        return self.path
    }

    /// The file's size.
    func byteCount() throws(WorkFailure) -> Int64 {
        var status = stat()
        guard unsafe stat(self.path, &status) == 0 else {
            throw WorkFailure.attempt(500, "The work file \(self.path) cannot be read.")
        }
        return Int64(status.st_size)
    }

    func remove() { _ = unsafe unlink(self.path) }

    /// Removes what killed workers left of the job.
    static func removeAll(of job: ObjectID, in folder: String) {
        // Without the folder there is nothing to remove.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/datasets")) ?? []
        for name in names where name.hasPrefix("\(job)-") { ScratchFile(folder: folder, name: name).remove() }
    }
}
