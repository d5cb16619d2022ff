/// The object keys of a dataset version (contract, section 3).
package struct DatasetKeys: Hashable, Sendable {
    private let group: String
    private let versionId: ObjectID
    private let number: String

    package init(group: String, versionId: ObjectID, number: String) {
        self.group = group
        self.versionId = versionId
        self.number = number
    }

    /// What the pictures of a frame share: all versions of the group use the same.
    package func image(task: ObjectID, frame: Int) -> String { "\(self.folder(task, frame))/\(frame).jpg" }
    package func thumbnail(task: ObjectID, frame: Int) -> String {
        "\(self.folder(task, frame))/\(frame)_thumbnail.jpg"
    }

    package func labels(task: ObjectID, frame: Int) -> String {
        "\(self.folder(task, frame))/\(self.number)_\(frame).txt"
    }

    package func augmented(task: ObjectID, frame: Int, type: AugmentationType) -> AugmentedKeys {
        AugmentedKeys(stem: "\(self.folder(task, frame))/aug/\(self.number)_\(type.rawValue)_\(frame)")
    }

    package struct AugmentedKeys: Hashable, Sendable {
        fileprivate let stem: String

        package var image: String { "\(self.stem).jpg" }
        package var thumbnail: String { "\(self.stem)_thumbnail.jpg" }
        package var labels: String { "\(self.stem).txt" }
    }

    /// Where all objects of a task's frames are, those of other versions too.
    package func prefix(ofTask task: ObjectID) -> String { "\(self.groupFolder)/\(task)/" }

    /// Where the version's manifest, samples and archives are.
    package var versionPrefix: String { "\(self.groupFolder)/\(self.versionId)/" }
    package var manifest: String { self.versionPrefix + "manifest.jsonl" }
    package var samples: String { self.versionPrefix + "samples.zip" }
    package var classNames: String { self.versionPrefix + "classes.txt" }
    package func archive(of format: DatasetFormat) -> String { "\(self.versionPrefix)\(format.rawValue).zip" }

    private var groupFolder: String { "dataset/\(self.group)" }
    private func folder(_ task: ObjectID, _ frame: Int) -> String { "\(self.groupFolder)/\(task)/\(frame)" }
}

extension DatasetKeys {
    /// Whose an object below ``prefix(ofTask:)`` is.
    package enum Owner: Hashable, Sendable {
        /// This version's alone.
        case version
        /// A picture of a frame, which any version of the group may use.
        case group(frame: Int)
        /// Another version's, or nothing that this service knows.
        case other
    }

    package func owner(of key: String, task: ObjectID) -> Owner {
        let prefix = self.prefix(ofTask: task)
        let parts = key.hasPrefix(prefix) ? key.dropFirst(prefix.count).split(separator: "/").map(String.init) : []
        guard let first = parts.first, let frame = Int(first) else { return .other }
        switch parts.count {
        case 2 where ["\(frame).jpg", "\(frame)_thumbnail.jpg"].contains(parts[1]): return .group(frame: frame)
        case 2: return parts[1] == "\(self.number)_\(frame).txt" ? .version : .other
        case 3 where parts[1] == "aug": return self.isOwn(parts[2], frame: frame) ? .version : .other
        default: return .other
        }
    }

    /// Whether `name` is `<number>_<type>_<frame>` with one of the endings. Types carry no "_", numbers may.
    private func isOwn(_ name: String, frame: Int) -> Bool {
        for ending in ["_\(frame).jpg", "_\(frame)_thumbnail.jpg", "_\(frame).txt"] where name.hasSuffix(ending) {
            let stem = name.dropLast(ending.count)
            guard let type = stem.split(separator: "_", omittingEmptySubsequences: false).last else { continue }
            if stem == "\(self.number)_\(type)" { return true }
        }
        return false
    }
}
