internal import Annotation
internal import Glibc

/// A temporary file of one attempt at one unit; the attempt removes it, and a start of the service what crashes left.
struct ScratchFile: Sendable {
    let path: String

    /// Makes the folder for temporary clips below `folder`; the file itself is made by whoever writes it.
    ///
    /// - Throws: ``UnitFailure`` when the folder cannot be made, as on a full or read-only disk.
    init(folder: String, name: String) throws(UnitFailure) {
        let clips = Self.folder(in: folder)
        for path in [folder, clips] where unsafe mkdir(path, 0o755) != 0 && errno != EEXIST {
            let reason = unsafe String(cString: strerror(errno))
            throw UnitFailure(
                failure: .dependency(JobError(code: 507, message: "The work folder cannot be used: \(reason).")))
        }
        self.path = "\(clips)/\(name)"
    }

    /// The file's size.
    func byteCount() throws(UnitFailure) -> Int64 {
        var status = stat()
        guard unsafe stat(self.path, &status) == 0 else {
            throw UnitFailure.attempt(500, "The temporary clip cannot be read.")
        }
        return Int64(status.st_size)
    }

    func remove() { _ = unsafe unlink(self.path) }

    static func folder(in work: String) -> String { "\(work)/clips" }
}
