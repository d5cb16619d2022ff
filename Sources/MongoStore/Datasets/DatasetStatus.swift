package import Domain
internal import MongoDriver

/// Where a dataset version stands, by its document.
package struct DatasetStatus: Hashable, Sendable {
    package static let pending = "pending"
    package static let complete = "complete"

    /// `nil` when a build is wanted.
    package let state: String?
    package let tasks: [Task]
    /// The job that builds or built it.
    package let jobId: ObjectID?
    /// Formats that archives were made of.
    package let formats: [DatasetFormat]
    /// Archives and samples as they were made.
    package let archives: [BuiltArchive]
    /// What the last build could not do as it was asked, one sentence each.
    package let problems: [String]

    package struct Task: Hashable, Sendable {
        package let id: ObjectID
        package let state: String
        /// `nil` for none.
        package let error: String?
    }

    package var failures: [Task] { self.tasks.filter { $0.error != nil } }

    init(_ document: BSONDocument) {
        let status = document["taskStatus"]?.documentValue
        let build = document["build"]?.documentValue
        self.state = status?["state"]?.stringValue
        self.tasks = (status?["tasks"]?.arrayValue ?? []).compactMap(\.documentValue).compactMap { task in
            guard let id = task["task"]?.tolerantID else { return nil }
            let error = task["error"]?.stringValue
            return Task(id: id, state: task["state"]?.stringValue ?? "", error: error == "none" ? nil : error)
        }
        self.jobId = build?["jobId"]?.objectIDValue
        self.formats = (build?["formats"]?.arrayValue ?? []).compactMap(\.stringValue).compactMap(DatasetFormat.init)
        self.problems = (build?["problems"]?.arrayValue ?? []).compactMap(\.stringValue)
        self.archives = (build?["archives"]?.arrayValue ?? []).compactMap(\.documentValue).compactMap { entry in
            // What cannot be read is made again.
            try? entry.decoded(as: BuiltArchive.self)
        }
    }
}

/// An archive of a version, and what it was made from.
package struct BuiltArchive: Codable, Hashable, Sendable {
    package let object: DatasetObject
    /// SHA-256 of all that goes into the archive; while it stays, the archive does.
    package let content: String

    package init(object: DatasetObject, content: String) {
        self.object = object
        self.content = content
    }
}

/// What a finished build writes on its version.
package struct DatasetSummary: Sendable {
    package let images: TaskOutcome.Count
    package let formats: [Format]
    package let archives: [BuiltArchive]
    package let manifestSHA256: String

    package struct Format: Sendable {
        package let format: DatasetFormat
        /// Pictures with labels in this format.
        package let fileCount: Int
        package let isArchive: Bool

        package init(_ format: DatasetFormat, fileCount: Int, isArchive: Bool) {
            self.format = format
            self.fileCount = fileCount
            self.isArchive = isArchive
        }
    }

    /// The key of the archive that shows some pictures.
    package let sampleKey: String
    package let droppedBoxes: DroppedBoxes
    /// What could not be done as it was asked, one sentence each.
    package let problems: [String]

    package init(
        images: TaskOutcome.Count, formats: [Format], archives: [BuiltArchive], manifestSHA256: String,
        sampleKey: String, droppedBoxes: DroppedBoxes, problems: [String]
    ) {
        self.images = images
        self.formats = formats
        self.archives = archives
        self.manifestSHA256 = manifestSHA256
        self.sampleKey = sampleKey
        self.droppedBoxes = droppedBoxes
        self.problems = problems
    }

    var fields: BSONDocument {
        get throws(StoreError) {
            var fields: BSONDocument = [
                "taskStatus.state": .string(DatasetStatus.complete), "imageCount": .int(self.images.count),
                "size": .int(Int(self.images.byteCount)),
                "build.formats": .array(self.formats.filter(\.isArchive).map { .string($0.format.rawValue) }),
                "build.manifest": .string(self.manifestSHA256),
                "build.droppedBoxes": .document(try BSONDocument(encoding: self.droppedBoxes)),
                "build.problems": .array(self.problems.map(BSONValue.string)),
            ]
            var archives: [BSONValue] = []
            for archive in self.archives { archives.append(.document(try BSONDocument(encoding: archive))) }
            fields["build.archives"] = .array(archives)
            for format in self.formats {
                let path = "exportFormats.\(format.format.title)"
                fields["\(path).progress"] = 100
                fields["\(path).fileCount"] = .int(format.fileCount)
                fields["\(path).sample"] = .string(self.sampleKey)
            }
            return fields
        }
    }
}
