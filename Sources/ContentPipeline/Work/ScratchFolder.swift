internal import Domain
internal import FoundationEssentials
internal import Glibc

/// The folder of temporary clips. A file's name tells which attempt at which work item it belongs to, so that what a
/// killed worker left can be told from what is being written.
struct ScratchFolder: Sendable {
    private let work: String
    private var path: String { "\(self.work)/clips" }

    /// - Parameter work: the configured folder for work files, absolute.
    init(work: String) {
        self.work = work
    }

    /// One attempt at one work item.
    struct Attempt: Hashable {
        let item: ObjectID
        let fence: Int

        fileprivate var fileName: String { "\(self.item)-\(self.fence).mp4" }
        fileprivate var folderName: String { "\(self.item)-\(self.fence).images" }

        fileprivate init?(fileName: String) {
            let parts = fileName.split(separator: ".")[0].split(separator: "-")
            guard parts.count == 2, let item = ObjectID(String(parts[0])), let fence = Int(parts[1]) else { return nil }
            self.init(item: item, fence: fence)
        }

        init(item: ObjectID, fence: Int) {
            self.item = item
            self.fence = fence
        }
    }

    /// Where the attempt writes its clip; makes the folder, and leaves the file to whoever writes it.
    ///
    /// - Throws: ``WorkFailure`` when the folder cannot be made, as on a full or read-only disk.
    func makePath(for attempt: Attempt) throws(WorkFailure) -> String {
        try WorkDirectory.make(at: self.path)
        return self.path(of: attempt)
    }

    /// The size of the attempt's clip in bytes.
    func byteCount(of attempt: Attempt) throws(WorkFailure) -> Int64 {
        var status = stat()
        guard unsafe stat(self.path(of: attempt), &status) == 0 else {
            throw WorkFailure.attempt(500, "The temporary clip cannot be read.")
        }
        return Int64(status.st_size)
    }

    /// A folder for what the attempt unpacks; whoever uses it makes it.
    func folderPath(of attempt: Attempt) -> String { "\(self.path)/\(attempt.folderName)" }

    func remove(_ attempt: Attempt) {
        _ = unsafe unlink(self.path(of: attempt))
        try? FileManager.default.removeItem(atPath: self.folderPath(of: attempt))  // Most attempts have none.
    }

    /// The attempts whose files are there.
    func attempts() -> [Attempt] {
        guard let stream = unsafe opendir(self.path) else { return [] }
        defer { unsafe closedir(stream) }
        var attempts: [Attempt] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.first != ".", let attempt = Attempt(fileName: name) { attempts.append(attempt) }
        }
        return attempts
    }

    private func path(of attempt: Attempt) -> String { "\(self.path)/\(attempt.fileName)" }
}
