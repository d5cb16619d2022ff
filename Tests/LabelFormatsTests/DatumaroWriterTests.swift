import Testing

@testable import Domain
@testable import LabelFormats

@Suite struct DatumaroWriterTests {
    /// Readers take pictures of one number for one picture.
    @Test func framesOfSeveralTasksHaveNumbersOfTheirOwn() {
        let classes = ClassList(entries: [], labels: ["car"])
        var writer = DatumaroWriter(classes: classes)
        var text = ""
        for task in ["65a000000000000000000001", "65a000000000000000000002"].compactMap({ ObjectID($0) }) {
            for frame in 1...2 {
                let image = DatasetImage(
                    key: "k", taskId: task, taskName: "task", frame: frame, frameRate: 5, augmentation: nil,
                    split: .training, labels: FrameLabels([], classes: classes, canvas: Canvas(width: 4, height: 2)))
                text += writer.add(image, pass: 0).map(\.text).joined()
            }
        }
        for number in 0...3 { #expect(text.contains("\"attr\":{\"frame\":\(number),")) }
        #expect(text.split(separator: "\"task_frame\":2").count == 3)
    }
}
