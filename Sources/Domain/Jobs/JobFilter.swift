/// Which jobs a list shows; what is `nil` leaves none out.
package struct JobFilter: Hashable, Sendable {
    package var state: JobState?
    package var kind: JobKind?
    package var uploadId: ObjectID?
    package var projectId: ObjectID?

    package init(
        state: JobState? = nil, kind: JobKind? = nil, uploadId: ObjectID? = nil, projectId: ObjectID? = nil
    ) {
        self.state = state
        self.kind = kind
        self.uploadId = uploadId
        self.projectId = projectId
    }
}
