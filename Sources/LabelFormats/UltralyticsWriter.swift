internal import Domain

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
        // Ultralytics refuses a file without one of the two keys. A split that has no pictures takes those of another,
        // and the file says so; the build names it as a problem, too.
        let training =
            self.present.contains(.training)
            ? DatasetSplit.training : self.first(of: [.validation, .testing]) ?? .training
        let validation =
            self.present.contains(.validation) ? DatasetSplit.validation : self.first(of: [.testing]) ?? training
        // Without `path`, Ultralytics looks beside this file; `path: .` would be the working directory.
        var lines = ["train: images/\(training.name)", "val: images/\(validation.name)"]
        for (wanted, used) in [(DatasetSplit.training, training), (.validation, validation)] where wanted != used {
            lines.insert(
                "# The split \(wanted.name) has no pictures; \(wanted.name) takes those of \(used.name).", at: 0)
        }
        if self.present.contains(.testing) { lines.append("test: images/\(DatasetSplit.testing.name)") }
        lines.append("names:")
        lines += self.classes.names.enumerated().map { "  \($0): \(JSONText.string($1))" }
        return [
            FileFragment("data.yaml", lines.joined(separator: "\n") + "\n"),
            FileFragment("classes.txt", self.classes.text),
        ]
    }

    /// The first of the splits that has pictures: what a model is tested with is trained with last.
    private func first(of splits: [DatasetSplit]) -> DatasetSplit? { splits.first { self.present.contains($0) } }

    func paths(ofTask images: [DatasetImage]) -> [String?] {
        images.map { "images/\($0.split.name)/\($0.name).jpg" }
    }
}
