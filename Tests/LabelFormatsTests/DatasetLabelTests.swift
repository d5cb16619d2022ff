import Testing

@testable import Domain
@testable import LabelFormats

@Suite struct DatasetLabelTests {
    private static let canvas = Canvas(width: 200, height: 100)

    private static func box(
        _ label: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double,
        _ attributes: [String: [String]] = [:]
    ) -> LabelledBox {
        LabelledBox(box: Box(x: x, y: y, width: width, height: height), label: label, attributes: attributes)
    }

    private static func text(_ boxes: [LabelledBox], _ entries: [LabelEntry]) -> String {
        let classes = ClassList(entries: entries, labels: boxes.map(\.label))
        return FrameLabels(boxes, classes: classes, canvas: self.canvas).yoloText
    }

    static let boxes: [(box: LabelledBox, line: String)] = [
        (box("car", 20, 10, 40, 20), "0 0.200000 0.200000 0.200000 0.200000\n"),
        // Clipped before it is made relative.
        (box("car", -20, -10, 40, 20), "0 0.050000 0.050000 0.100000 0.100000\n"),
        (box("car", 190, 90, 500, 500), "0 0.975000 0.950000 0.050000 0.100000\n"),
        (box("car", -50, -50, 1000, 1000), "0 0.500000 0.500000 1.000000 1.000000\n"),
        // Wholly outside, touching from outside, without area, not a number.
        (box("car", 300, 10, 40, 20), ""),
        (box("car", 200, 10, 40, 20), ""),
        (box("car", 20, 10, 0, 20), ""),
        (box("car", .nan, 10, 40, 20), ""),
        (box("car", 20, 10, 0.00001, 20), ""),
        (box("bus", 20, 10, 40, 20), ""),
    ]

    @Test(arguments: boxes)
    func boxGivesItsLine(fact: (box: LabelledBox, line: String)) {
        #expect(Self.text([fact.box], [LabelEntry(mainLabel: "car")]) == fact.line)
    }

    @Test func linesAreSortedWhateverTheOrderOfBoxes() {
        let boxes = [
            Self.box("person", 0, 0, 10, 10), Self.box("car", 100, 0, 10, 10), Self.box("car", 0, 0, 10, 10),
            Self.box("car", 0, 0, 10, 20),
        ]
        let entries = [LabelEntry(mainLabel: "car"), LabelEntry(mainLabel: "person")]
        let text = Self.text(boxes, entries)
        #expect(
            text.split(separator: "\n") == [
                "0 0.025000 0.050000 0.050000 0.100000", "0 0.025000 0.100000 0.050000 0.200000",
                "0 0.525000 0.050000 0.050000 0.100000", "1 0.025000 0.050000 0.050000 0.100000",
            ])
        #expect(Self.text(boxes.reversed(), entries) == text)
    }

    static let entries = [
        LabelEntry(mainLabel: "car", isEnabled: false),
        LabelEntry(mainLabel: "person"),
        LabelEntry(mainLabel: "truck", attributes: ["colour": ["red"]]),
        LabelEntry(mainLabel: "truck", attributes: ["colour": ["blue", "green"], "size": ["big"]]),
        LabelEntry(mainLabel: "truck"),
        LabelEntry(mainLabel: "truck", attributes: ["colour": ["black"]], isEnabled: false),
    ]

    static let verdicts: [(label: String, attributes: [String: [String]], verdict: ClassList.Verdict)] = [
        ("car", [:], .disabled),
        ("person", ["colour": ["red"]], .number(1)),
        ("truck", ["colour": ["red"], "size": ["big"]], .number(2)),
        ("truck", ["colour": ["green"], "size": ["big"]], .number(3)),
        ("truck", ["colour": ["green"]], .number(4)),
        ("truck", ["colour": ["black"]], .disabled),
        ("bicycle", [:], .unknown),
    ]

    @Test(arguments: verdicts)
    func classIsTheEntryThatFitsBest(
        fact: (label: String, attributes: [String: [String]], verdict: ClassList.Verdict)
    ) {
        let classes = ClassList(entries: Self.entries, labels: [])
        #expect(classes.verdict(on: Self.box(fact.label, 0, 0, 1, 1, fact.attributes)) == fact.verdict)
    }

    @Test func withoutEnabledEntriesClassesAreTheSortedLabels() {
        let classes = ClassList(
            entries: [LabelEntry(mainLabel: "car", isEnabled: false)], labels: ["person", "Zebra", "car", "äh"])
        #expect(classes.names == ["Zebra", "car", "person", "äh"])
        #expect(classes.text == "Zebra\ncar\nperson\näh\n")
        #expect(classes.verdict(on: Self.box("person", 0, 0, 1, 1)) == .number(2))
    }

    @Test func boxesThatFitNoClassAreCounted() {
        let labels = FrameLabels(
            [Self.box("bus", 0, 0, 9, 9), Self.box("car", 0, 0, 9, 9), Self.box("person", 0, 0, 9, 9)],
            classes: ClassList(entries: Self.entries, labels: []), canvas: Self.canvas)
        #expect(labels.dropped.unknownClass == 1)
        #expect(labels.boxes.map(\.classNumber) == [1])
    }
}
