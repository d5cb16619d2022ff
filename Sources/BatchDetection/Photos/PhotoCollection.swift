internal import Archives
internal import ContentPipeline
internal import Domain
internal import FoundationEssentials
package import FrameKit
internal import Glibc

/// The photos of a batch, in folders, zip archives and single files.
package struct PhotoCollection: Sendable {
    /// Where a photo's bytes are.
    enum Place: Hashable, Sendable {
        /// In the folder with this number among the roots.
        case folder(root: Int, image: JobImage)
        /// In the archive with this number among the roots, at a position from 0 among its entries.
        case archive(root: Int, position: Int)
    }

    /// Something that photos lie in.
    enum Root: Hashable, Sendable {
        /// - Parameter files: the only names that count, when files were given one by one.
        case folder(path: String, files: Set<String>?)
        case archive(path: String)

        var path: String {
            switch self {
            case .folder(let path, _), .archive(let path): path
            }
        }
    }

    /// In the order in which they were given; files of one folder are one.
    let roots: [Root]
    /// In the order of the report.
    package private(set) var photos: [Photo] = []
    /// Of each photo, by its number.
    private(set) var places: [Place] = []
    /// What is named in the report and not counted.
    package private(set) var refused: [RefusedFile] = []

    /// Photos of a batch, at most.
    package static let standardLimit = 100_000

    /// Cameras of medium format have a hundred million pixels, several times what videos have; a picture takes about six
    /// bytes of memory for each while it is looked at.
    package static let mediaLimits = MediaLimits(
        pixelCount: 120_000_000, duration: MediaLimits.standard.duration,
        streamCount: MediaLimits.standard.streamCount)

    /// Lists what `paths` name; blocks on the disk.
    ///
    /// - Parameters:
    ///   - paths: folders, zip archives and picture files.
    ///   - limit: photos, at most.
    /// - Throws: ``BatchError`` when there is nothing to look at, or too much.
    package init(paths: [String], limit: Int = Self.standardLimit) throws {
        self.roots = try Self.roots(of: paths)
        var names = UniqueNames()
        for (number, root) in self.roots.enumerated() {
            do {
                try self.add(root, number: number, named: names.take(Self.name(of: root)), limit: limit)
            } catch let error as ArchiveError {
                throw BatchError("\(root.path) cannot be read as a zip archive: \(error.message).")
            } catch let rejection as IntakeRejection {
                throw BatchError("\(root.path): \(rejection.message)")
            }
            guard self.photos.count <= limit else { throw BatchError("There are more than \(limit) images.") }
        }
        guard !self.photos.isEmpty else {
            throw BatchError("There is no JPEG, PNG or WebP image in \(paths.joined(separator: ", ")).")
        }
    }

    /// Numbers of the photos in the order in which they are read fastest: that of an archive's entries.
    var readingOrder: [Int] {
        self.photos.indices.sorted { first, second in
            guard case .archive(let root, let position) = self.places[first],
                case .archive(let otherRoot, let otherPosition) = self.places[second], root == otherRoot
            else { return first < second }
            return position < otherPosition
        }
    }

    /// What tells that a file is another one than it was: bytes and times of all files that photos lie in.
    var stamps: [String] {
        self.places.compactMap { place in
            guard case .folder(_, let image) = place else { return nil }
            return "\(image.byteCount) \(image.modified)"
        }
            + self.roots.compactMap { root in
                var status = stat()
                guard case .archive(let path) = root, unsafe stat(path, &status) == 0 else { return nil }
                return "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
            }
    }

    private mutating func add(_ root: Root, number: Int, named name: String, limit: Int) throws {
        switch root {
        case .folder(let path, let names):
            let folder = ImageFolder(path: path)
            let files = try names.map(folder.files(named:)) ?? folder.files(limit: 4 * limit)
            for (file, problem) in files.sorted(by: { NaturalOrder.precedes($0.file.name, $1.file.name) }) {
                guard let kind = PhotoKind(file.name) else { continue }
                if let problem {
                    self.refused.append(RefusedFile(root: name, path: file.name, problem: problem))
                } else {
                    self.add(
                        file.name, in: name, at: .folder(root: number, image: file),
                        problem: kind.problem ?? ImageList.sizeProblem(file.byteCount))
                }
            }
        case .archive(let path):
            let archive = try PhotoArchive(path: path, limit: limit)
            for member in archive.members.sorted(by: { NaturalOrder.precedes($0.path, $1.path) }) {
                let place = Place.archive(root: number, position: member.position)
                self.add(member.path, in: name, at: place, problem: member.problem)
            }
            self.refused += archive.refused.map { RefusedFile(root: name, path: $0.path, problem: $0.problem) }
        }
    }

    private mutating func add(_ path: String, in root: String, at place: Place, problem: String? = nil) {
        self.photos.append(Photo(number: self.photos.count, root: root, path: path, problem: problem))
        self.places.append(place)
    }

    private static func roots(of paths: [String]) throws -> [Root] {
        var roots: [Root] = []
        var numbers: [String: Int] = [:]
        for path in paths {
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw BatchError("There is nothing at \(path).")
            }
            let url = URL(filePath: path).resolvingSymlinksInPath()
            guard !isFolder, PhotoKind(url.lastPathComponent) != nil else {
                var file = url.path(percentEncoded: false)
                while file.count > 1, file.hasSuffix("/") { file.removeLast() }
                let root = isFolder ? Root.folder(path: file, files: nil) : .archive(path: file)
                // A pipe would be waited for.
                guard isFolder || Self.isRegular(file) else { throw BatchError("\(path) is no regular file.") }
                if !roots.contains(root) { roots.append(root) }
                continue
            }
            let folder = url.deletingLastPathComponent().path(percentEncoded: false)
            let number = numbers[folder] ?? roots.count
            if numbers.updateValue(number, forKey: folder) == nil { roots.append(.folder(path: folder, files: [])) }
            if case .folder(_, let files?) = roots[number] {
                roots[number] = .folder(path: folder, files: files.union([url.lastPathComponent]))
            }
        }
        return roots
    }

    private static func isRegular(_ path: String) -> Bool {
        // try?: what cannot be asked is told when it is opened.
        guard let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] else { return true }
        return type as? FileAttributeType == .typeRegular
    }

    /// How reports call a root: its own name, of an archive without `.zip`.
    private static func name(of root: Root) -> String {
        let name = URL(filePath: root.path).lastPathComponent
        return name.lowercased().hasSuffix(".zip") ? String(name.dropLast(4)) : name
    }
}
