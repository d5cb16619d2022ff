/// Ultralytics' layout: pictures and label files side by side in splits, and `data.yaml`.
///
/// Source: <https://docs.ultralytics.com/datasets/detect/>.
struct UltralyticsWriter: FormatWriter {
    let classes: ClassList
    private var present: Set<DatasetSplit> = []

    init(classes: ClassList) { self.classes = classes }

    mutating func begin(pass: Int) -> [FileFragment] { [] }

    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment] {
        self.present.insert(image.split)
        return [FileFragment("labels/\(image.split.name)/\(image.name).txt", image.labels.yoloText)]
    }

    mutating func end(pass: Int) -> [FileFragment] {
        // Training wants both keys: without a split of its own, one takes the pictures of another.
        let training =
            self.present.contains(.training)
            ? DatasetSplit.training : self.present.sorted { $0.rawValue < $1.rawValue }.first ?? .training
        let validation = self.present.contains(.validation) ? DatasetSplit.validation : training
        // Without `path`, Ultralytics looks beside this file; `path: .` would be the working directory.
        var lines = ["train: images/\(training.name)", "val: images/\(validation.name)"]
        if self.present.contains(.testing) { lines.append("test: images/\(DatasetSplit.testing.name)") }
        lines.append("names:")
        lines += self.classes.names.enumerated().map { "  \($0): \(JSONText.string($1))" }
        return [
            FileFragment("data.yaml", lines.joined(separator: "\n") + "\n"),
            FileFragment("classes.txt", self.classes.text),
        ]
    }

    func path(of image: DatasetImage) -> String? { "images/\(image.split.name)/\(image.name).jpg" }
}
