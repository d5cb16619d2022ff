internal import Annotation
internal import FoundationEssentials
internal import Glibc

/// The image files of a folder, listed and read without following a link.
struct ImageFolder: Sendable {
    /// Absolute and free of links.
    let path: String

    /// Images of an upload, at most: their list is part of the job's document.
    static let limit = 50_000
    /// Bytes of an image file, at most.
    static let largestFile = 256 << 20

    /// Whether a name is that of an image that can be shown.
    static func isImage(_ name: String) -> Bool {
        let file = name.split(separator: "/").last ?? ""
        guard let dot = file.lastIndex(of: "."), !file.hasPrefix("."), !name.hasPrefix("__MACOSX/") else {
            return false
        }
        return ["jpg", "jpeg", "png", "webp"].contains(file[file.index(after: dot)...].lowercased())
    }

    /// The images in the folder and those below it, in natural order.
    ///
    /// - Throws: ``IntakeRefusal/content(_:)`` when there are none or too many.
    func list() throws(IntakeRefusal) -> [JobImage] {
        var images: [JobImage] = []
        var folders = [""]
        while let folder = folders.popLast() {
            for entry in self.entries(of: folder) {
                switch entry.kind {
                case S_IFDIR: folders.append("\(entry.name)/")
                case S_IFREG where Self.isImage(entry.name):
                    images.append(JobImage(name: entry.name, byteCount: entry.byteCount, modified: entry.modified))
                default: continue
                }
            }
            guard images.count <= Self.limit, folders.count <= Self.limit else {
                throw .content("The folder has more than \(Self.limit) images.")
            }
        }
        guard !images.isEmpty else { throw .content("The folder has no JPEG, PNG or WebP image.") }
        return images.sorted { NaturalOrder.precedes($0.name, $1.name) }
    }

    /// The bytes of a listed image; blocks on the disk.
    ///
    /// - Throws: ``UnitFailure/sourceChanged`` when the file is not what was listed.
    func bytes(of image: JobImage) throws -> [UInt8] {
        let file = unsafe open("\(self.path)/\(image.name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw UnitFailure.sourceChanged }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Int64(status.st_size) == image.byteCount,
            Self.modified(status) == image.modified, image.byteCount <= Int64(Self.largestFile)
        else { throw UnitFailure.sourceChanged }
        var bytes = [UInt8](repeating: 0, count: Int(image.byteCount))
        var count = 0
        while count < bytes.count {
            let read = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(file, $0.baseAddress.map { unsafe $0 + count }, $0.count - count)
            }
            guard read > 0 else { throw UnitFailure.sourceChanged }
            count += read
        }
        return bytes
    }

    private struct Entry {
        let name: String
        let kind: mode_t
        let byteCount: Int64
        let modified: Int64
    }

    /// What lies in a folder below this one.
    ///
    /// - Parameter folder: empty, or with a slash at its end.
    private func entries(of folder: String) -> [Entry] {
        guard let stream = unsafe opendir("\(self.path)/\(folder)") else { return [] }
        defer { unsafe closedir(stream) }
        var entries: [Entry] = []
        while let found = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &found.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard name.first != ".", unsafe lstat("\(self.path)/\(folder)\(name)", &status) == 0 else { continue }
            entries.append(
                Entry(
                    name: folder + name, kind: status.st_mode & S_IFMT, byteCount: Int64(status.st_size),
                    modified: Self.modified(status)))
        }
        return entries
    }

    private static func modified(_ status: stat) -> Int64 {
        Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }
}
