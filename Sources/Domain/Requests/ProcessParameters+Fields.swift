extension ProcessParameters {
    /// Frames per second that can be kept.
    package static let frameRates = 1...240

    /// Reads the fields of a request (contract, section 1).
    ///
    /// - Parameters:
    ///   - fields: names and texts as they came.
    ///   - versions: the registered auto-annotation versions.
    /// - Throws: ``FieldErrors`` naming every bad field at once.
    package init(fields: [String: String], versions: [Int]) throws(FieldErrors) {
        var reader = FieldReader(fields)
        let uploadId = reader.objectID("upload_id")
        let projectId = reader.objectID("project_id")
        let frameRate = reader.integer("frame_rate", in: Self.frameRates)
        let contentPath = reader.contentPath()
        let forceWrite = reader.integer("force_write", in: 0...1)
        let version = reader.integer("auto_anno_version", in: 0...Int.max)
        let requestType = reader.integer("request_type", in: 0...2).flatMap(RequestType.init)
        let contentType = reader.integer("content_type", in: 1...2, default: 1).flatMap(ContentType.init)
        if let version, let requestType {
            reader.checkVersion(version, for: requestType, registered: versions)
        }
        guard reader.errors.isEmpty, let uploadId, let projectId, let frameRate, let contentPath, let forceWrite,
            let version, let requestType, let contentType
        else { throw FieldErrors(reader.errors) }
        self.init(
            uploadId: uploadId, projectId: projectId, frameRate: frameRate, contentPath: contentPath,
            forceWrite: forceWrite == 1, autoAnnotationVersion: version, requestType: requestType,
            contentType: contentType)
    }
}

extension FieldReader {
    /// A path that can be passed to the system and written to a log line.
    fileprivate mutating func contentPath() -> String? {
        guard let path = self.text("content_path") else { return nil }
        let hasControl = path.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard !hasControl, path.utf8.count <= 4096 else {
            self.refuse("content_path", "content_path must be a path of at most 4096 bytes without control characters.")
            return nil
        }
        return path
    }

    fileprivate mutating func checkVersion(_ version: Int, for type: RequestType, registered: [Int]) {
        switch type {
        case .tasks:
            guard version != 0 else { return }
            self.refuse("auto_anno_version", "auto_anno_version must be 0 with request_type 0.")
        case .annotatedTasks, .annotations:
            guard !registered.contains(version) else { return }
            let known = registered.isEmpty ? "none" : registered.map(String.init).joined(separator: ", ")
            self.refuse(
                "auto_anno_version",
                "request_type \(type.rawValue) needs a registered auto_anno_version of at least 1; registered: \(known)."
            )
        }
    }
}
