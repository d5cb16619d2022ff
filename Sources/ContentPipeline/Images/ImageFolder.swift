package import Domain
internal import Archives
internal import FoundationEssentials
internal import Glibc

/// The image files of a folder, listed and read without following a link.
package struct ImageFolder: Sendable {
    /// Absolute and free of links.
    package let path: String

    package init(path: String) { self.path = path }

    /// The images in the folder and those below it, in natural order.
    ///
    /// - Throws: ``IntakeRejection/content(_:)`` when there are none or too many.
    func list() throws(IntakeRejection) -> ImageList {
        var list = ImageList()
        for (file, problem) in try self.files(limit: Self.fileLimit) { list.add(file, problem: problem) }
        guard !list.isFull else { throw .content("The folder has more than \(ImageList.limit) images.") }
        guard !list.images.isEmpty else { throw .content("The folder has no JPEG, PNG or WebP image.") }
        list.sort()
        return list
    }

    /// Files of any kind that are looked at for an upload, at most.
    private static let fileLimit = 4 * ImageList.limit

    /// All files in the folder and below it, in no order, with why one cannot be read, as in "is a link".
    ///
    /// - Throws: ``IntakeRejection/content(_:)`` when there are more than `limit`.
    package func files(limit: Int) throws(IntakeRejection) -> [(file: JobImage, problem: String?)] {
        let entries = try self.allEntries(limit: limit)
        let texts = FileNames(entries.map(\.name))
        return entries.map { entry in
            let name = texts.text(of: entry.name)
            let file = JobImage(
                name: name, byteCount: entry.byteCount, modified: entry.modified,
                rawName: Array(name.utf8) == entry.name ? nil : hexadecimal(entry.name))
            return (file, entry.problem)
        }
    }

    /// Those of `names` that lie in the folder itself; what else is in it is not looked at.
    package func files(named names: Set<String>) -> [(file: JobImage, problem: String?)] {
        names.compactMap { name in
            var status = stat()
            guard unsafe lstat(self.cPath(Array(name.utf8)), &status) == 0 else { return nil }
            let entry = Entry(name: Array(name.utf8), status, isHidden: false)
            return (JobImage(name: name, byteCount: entry.byteCount, modified: entry.modified), entry.problem)
        }
    }

    /// All files in the folder and below it; hidden folders as one.
    private func allEntries(limit: Int) throws(IntakeRejection) -> [Entry] {
        var files: [Entry] = []
        var folders: [[UInt8]] = [[]]
        while let folder = folders.popLast() {
            guard let entries = self.entries(of: folder) else {
                files.append(Entry(name: folder.dropLast(), problem: "is a folder that cannot be read"))
                continue
            }
            for entry in entries {
                if entry.isFolder { folders.append(entry.name + [0x2F]) } else { files.append(entry) }
            }
            guard files.count <= limit, folders.count <= limit else {
                throw .content("The folder has more than \(limit) files.")
            }
        }
        return files
    }

    /// The bytes of a listed image; blocks on the disk.
    ///
    /// - Throws: ``WorkFailure/sourceChanged`` when the file is not what was listed.
    package func bytes(of image: JobImage) throws -> [UInt8] {
        let path = self.cPath(image.rawName.flatMap(Self.bytes(hexadecimal:)) ?? Array(image.name.utf8))
        let file = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw WorkFailure.sourceChanged }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Int64(status.st_size) == image.byteCount,
            Self.modified(status) == image.modified, image.byteCount <= Int64(ImageList.largestFile)
        else { throw WorkFailure.sourceChanged }
        var bytes = [UInt8](repeating: 0, count: Int(image.byteCount))
        var count = 0
        while count < bytes.count {
            let read = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(file, $0.baseAddress.map { unsafe $0 + count }, $0.count - count)
            }
            guard read > 0 else { throw WorkFailure.sourceChanged }
            count += read
        }
        return bytes
    }

    private struct Entry {
        /// Path below the folder, byte by byte: not every file system has UTF-8.
        let name: [UInt8]
        var isFolder = false
        var byteCount: Int64 = 0
        var modified: Int64 = 0
        /// Why the file cannot be read, as in "is a link".
        var problem: String?

        init(name: some Sequence<UInt8>, problem: String) {
            self.name = Array(name)
            self.problem = problem
        }

        init(name: [UInt8], _ status: stat, isHidden: Bool) {
            self.name = name
            self.byteCount = Int64(status.st_size)
            self.modified = ImageFolder.modified(status)
            switch status.st_mode & S_IFMT {
            case S_IFDIR where isHidden: self.problem = "is a hidden folder"
            case S_IFDIR: self.isFolder = true
            case S_IFREG: break
            case S_IFLNK: self.problem = "is a link"
            default: self.problem = "is no regular file"
            }
        }
    }

    /// What lies in a folder below this one; `nil` when it cannot be read.
    ///
    /// - Parameter folder: empty, or with a slash at its end.
    private func entries(of folder: [UInt8]) -> [Entry]? {
        guard let stream = unsafe opendir(self.cPath(folder)) else { return nil }
        defer { unsafe closedir(stream) }
        var entries: [Entry] = []
        while let found = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &found.pointee.d_name) { bytes in
                unsafe Array(bytes.prefix { $0 != 0 })
            }
            guard name != [0x2E], name != [0x2E, 0x2E] else { continue }
            var status = stat()
            if unsafe lstat(self.cPath(folder + name), &status) == 0 {
                entries.append(Entry(name: folder + name, status, isHidden: name.first == 0x2E))
            } else {
                entries.append(Entry(name: folder + name, problem: "cannot be read"))
            }
        }
        return entries
    }

    /// A path below the folder as C takes it.
    private func cPath(_ name: [UInt8]) -> [CChar] {
        (Array(self.path.utf8) + [0x2F] + name + [0]).map { CChar(bitPattern: $0) }
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
        return bytes.count * 2 == digits.count ? bytes : nil
    }

    private static func modified(_ status: stat) -> Int64 {
        Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }
}
