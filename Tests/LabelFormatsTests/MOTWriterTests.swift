import Testing

@testable import Domain
@testable import LabelFormats

@Suite struct MOTWriterTests {
    private let classes = ClassList(entries: [], labels: ["car"])

    private func image(
        _ frame: Int, of task: ObjectID, _ split: DatasetSplit, augmentation: AugmentationType? = nil
    ) -> DatasetImage {
        let box = LabelledBox(box: Box(x: 1, y: 2, width: 3, height: 4), label: "car", trackId: 7)
        return DatasetImage(
            key: "k", taskId: task, taskName: "task", frame: frame, frameRate: 5, augmentation: augmentation,
            split: split, labels: FrameLabels([box], classes: self.classes, canvas: Canvas(width: 10, height: 10)))
    }

    /// Two tasks whose third frame is for validation; the first frame is there a second time, turned.
    private func images() -> [[DatasetImage]] {
        ["65a000000000000000000001", "65a000000000000000000002"].compactMap { ObjectID($0) }.map { task in
            [
                self.image(1, of: task, .training), self.image(1, of: task, .training, augmentation: .rotate90),
                self.image(3, of: task, .validation), self.image(4, of: task, .training),
            ]
        }
    }

    @Test func everySplitOfATaskIsASequenceWithoutGaps() {
        var writer = MOTWriter(classes: self.classes)
        var files: [String: String] = [:]
        for image in self.images().joined() {
            for part in writer.add(image, pass: 0) { files[part.path, default: ""] += part.text }
        }
        for part in writer.end(pass: 0) { files[part.path, default: ""] += part.text }
        for task in ["65a000000000000000000001", "65a000000000000000000002"] {
            let (train, val) = ("train/\(task)", "val/\(task)")
            #expect(files["\(train)/seqinfo.ini"]?.contains("seqLength=2\n") == true)
            #expect(files["\(val)/seqinfo.ini"]?.contains("seqLength=1\n") == true)
            #expect(files["\(train)/frames.csv"] == "number,frame\n1,1\n2,4\n")
            #expect(files["\(val)/frames.csv"] == "number,frame\n1,3\n")
            #expect(files["\(train)/gt/gt.txt"]?.split(separator: "\n").map { $0.prefix(4) } == ["1,7,", "2,7,"])
            #expect(files["\(val)/gt/labels.txt"] == self.classes.text)
        }
        #expect(files.count == 16)
    }

    /// TrackEval refuses a frame that has one number twice.
    @Test func boxesWithoutTrackHaveNumbersOfTheirOwn() throws {
        let task = try #require(ObjectID("65a000000000000000000001"))
        let box = LabelledBox(box: Box(x: 1, y: 2, width: 3, height: 4), label: "car")
        let tracked = LabelledBox(box: box.box, label: "car", trackId: 7)
        var writer = MOTWriter(classes: self.classes)
        var lines: [Substring] = []
        for frame in 1...2 {
            let labels = FrameLabels([box, tracked, box], classes: self.classes, canvas: Canvas(width: 10, height: 10))
            let image = DatasetImage(
                key: "k", taskId: task, taskName: "task", frame: frame, frameRate: 5, augmentation: nil,
                split: .training,
                labels: labels)
            let text = writer.add(image, pass: 0).first { $0.path.hasSuffix("gt.txt") }?.text ?? ""
            lines += text.split(separator: "\n")
        }
        let tracks = lines.map { $0.split(separator: ",")[1] }
        #expect(tracks == ["1000001", "7", "1000002", "1000003", "7", "1000004"])
    }

    @Test func picturesLieWhereTheLinesSay() {
        let paths = MOTWriter(classes: self.classes).paths(ofTask: self.images()[0])
        let task = "65a000000000000000000001"
        #expect(
            paths == [
                "train/\(task)/img1/000001.jpg", nil, "val/\(task)/img1/000001.jpg", "train/\(task)/img1/000002.jpg",
            ])
    }
}
