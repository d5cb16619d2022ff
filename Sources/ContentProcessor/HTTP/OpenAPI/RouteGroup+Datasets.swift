import HTTPTypes

extension APIDescription.RouteGroup {
    /// Dataset versions.
    static let datasets = Self(
        name: "datasets", description: "Labelled tasks become images and labels.", routes: [Self.createDataSet],
        schemas: ["DataSetFields": Self.fields])

    private static let createDataSet = RouteDescription(
        method: .post, path: "/api/createDataSet", id: "createDataSet", summary: "Builds a dataset version",
        details:
            "The version's document shows the progress. [App] allow_unkeyed_dataset_requests lets it in without a key.",
        body: .init(
            fields: Schema.reference("DataSetFields"), example: ["data_version_id": .text(Example.datasetVersion)]),
        answers: [
            .init(status: 201, description: "The build is in the queue or running."),
            .problem(400, "data_version_id must be an ObjectId of 24 hexadecimal digits."),
            .problem(404, "There is no dataset version \(Example.datasetVersion)."),
            .problem(429, "The queue is full; try again later.", retries: true),
        ])

    private static let fields = Schema.object(
        required: ["data_version_id"],
        [
            "data_version_id": Schema.objectID("The version.", example: Example.datasetVersion),
            "auth_key": Schema.keyField,
        ])
}
