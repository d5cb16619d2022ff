/// What a `processContent` request asks for, with every field checked.
package struct ProcessParameters: Hashable, Sendable, Codable {
    package let uploadId: ObjectID
    package let projectId: ObjectID
    /// Frames to keep per second.
    package let frameRate: Int
    /// As given: absolute, or relative to the configured root.
    package let contentPath: String
    /// Make the upload's tasks anew.
    package let forceWrite: Bool
    /// 0: no annotations.
    package let autoAnnotationVersion: Int
    package let requestType: RequestType
    package let contentType: ContentType

    package init(
        uploadId: ObjectID, projectId: ObjectID, frameRate: Int, contentPath: String, forceWrite: Bool,
        autoAnnotationVersion: Int, requestType: RequestType, contentType: ContentType
    ) {
        self.uploadId = uploadId
        self.projectId = projectId
        self.frameRate = frameRate
        self.contentPath = contentPath
        self.forceWrite = forceWrite
        self.autoAnnotationVersion = autoAnnotationVersion
        self.requestType = requestType
        self.contentType = contentType
    }

    /// Whether the result would be the same, whatever was there before.
    package func asksForTheSame(as other: ProcessParameters) -> Bool {
        if self.requestType == .annotations, other.requestType == .annotations {
            // They work from the clips, whatever the request says of the source.
            return self.projectId == other.projectId && self.autoAnnotationVersion == other.autoAnnotationVersion
        }
        return self.projectId == other.projectId && self.frameRate == other.frameRate
            && self.contentPath == other.contentPath && self.requestType == other.requestType
            && self.autoAnnotationVersion == other.autoAnnotationVersion && self.contentType == other.contentType
    }
}

/// What is made of the content.
package enum RequestType: Int, Codable, Sendable, CaseIterable {
    /// AA_bar: tasks without annotations.
    case tasks = 0
    /// AA_tasks: tasks with annotations.
    case annotatedTasks = 1
    /// AA: annotations for tasks that exist.
    case annotations = 2
}

/// What the content is.
package enum ContentType: Int, Codable, Sendable, CaseIterable {
    case video = 1
    case images = 2
}

/// What is wrong with one field of a request.
package struct FieldError: Hashable, Sendable, Codable {
    package let field: String
    /// One sentence that says what to change.
    package let message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}

/// Everything that is wrong with the fields of a request; never empty.
package struct FieldErrors: Error, Hashable, Sendable {
    package let errors: [FieldError]

    package init(_ errors: [FieldError]) {
        self.errors = errors
    }
}
