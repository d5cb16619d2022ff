internal import FoundationEssentials
internal import Glibc

/// What a run keeps beside its output until that is complete: the journal, pictures with boxes, the parts of the report.
/// One run at a time has it.
///
/// Every method blocks.
final class RunFolder: Sendable {
    let path: String
    private let descriptor: Int32

    deinit { close(self.descriptor) }

    /// Makes the folder for `output`, and locks it; waits a little for a run that is about to end.
    ///
    /// - Throws: ``BatchError`` when it cannot be made, or another run has it.
    static func open(for output: String) async throws -> RunFolder {
        let folder = try RunFolder(for: output)
        for _ in 0..<20 where flock(folder.descriptor, LOCK_EX | LOCK_NB) != 0 {
            try await Task.sleep(for: .milliseconds(100))
        }
        guard flock(folder.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw BatchError("Another run is making \(output).")
        }
        return folder
    }

    static func path(for output: String) -> String { "\(output).parts" }

    private init(for output: String) throws(BatchError) {
        self.path = Self.path(for: output)
        do {
            try FileManager.default.createDirectory(atPath: "\(self.path)/boxes", withIntermediateDirectories: true)
        } catch {
            throw BatchError("The folder \(self.path) cannot be made; name a place for --output that can be written.")
        }
        self.descriptor = unsafe Glibc.open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard self.descriptor >= 0 else { throw BatchError("The folder \(self.path) cannot be opened.") }
    }

    static func journal(in path: String) -> String { "\(path)/journal.jsonl" }

    var journal: String { Self.journal(in: self.path) }

    var hasJournal: Bool { FileManager.default.fileExists(atPath: self.journal) }

    /// Where the picture with boxes of a photo is. Not by the name of a photo: the folder may lie in one that is looked at.
    func boxPicture(of photo: Int) -> String { "\(self.path)/boxes/\(photo)" }

    /// Writes a file whole or not at all.
    func write(_ bytes: [UInt8], to path: String) throws(BatchError) {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw BatchError("\(path) cannot be written; is the disk full?")
        }
    }

    /// Gives the finished file at `path` its name, in place of what is there, and removes the folder.
    func publish(_ path: String, as output: String) throws(BatchError) {
        guard unsafe rename(path, output) == 0 else {
            throw BatchError("\(output) cannot be written: \(unsafe String(cString: strerror(errno))).")
        }
        try? FileManager.default.removeItem(atPath: self.path)  // What stays is in nobody's way.
    }
}
