import Testing

@testable import Domain
@testable import LabelFormats

/// Names of people's making, byte by byte and in the forms of others.
@Suite struct DatasetNameTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    @Test func namesThatOnlyLookAlikeAreTwoClasses() {
        let labels = [Self.decomposed, Self.composed, Self.composed]
        let classes = ClassList(entries: [], labels: labels)
        #expect(classes.names.map { Array($0.utf8) } == [Self.decomposed, Self.composed].map { Array($0.utf8) })
        for (number, label) in [Self.decomposed, Self.composed].enumerated() {
            let box = LabelledBox(box: Box(x: 0, y: 0, width: 1, height: 1), label: label)
            #expect(classes.verdict(on: box) == .number(number))
            #expect(
                ClassList(entries: [LabelEntry(mainLabel: Self.composed)], labels: []).verdict(on: box)
                    == (number == 1 ? .number(0) : .unknown))
        }
    }

    @Test func theListOfLabelsOfVOCHasOneFieldForEachNameAndNoComment() {
        let names = ["a:b", "a_b", "two\nlines", "#1", "plain", "bad\u{FFFF}\u{1}name", "x:\u{301}y"]
        #expect(VOCWriter.labelNames(names) == ["a_b", "a_b_2", "two lines", "_1", "plain", "bad  name", "x_\u{301}y"])
        var writer = VOCWriter(classes: ClassList(entries: names.map { LabelEntry(mainLabel: $0) }, labels: []))
        let lines = writer.begin(pass: 0)[0].text.split(separator: "\n").dropFirst()
        #expect(lines.count == names.count)
        #expect(lines.allSatisfy { $0.split(separator: ":", omittingEmptySubsequences: false).count == 4 })
    }

    @Test func textOfXMLHoldsOnlyWhatXMLCanWrite() {
        #expect(XMLText.escaped("a<\u{0}\u{B}\u{FFFE}\u{FFFF}\u{10FFFF}>") == "a&lt;    \u{10FFFF}&gt;")
    }

    static let boxes: [(box: Box, dropped: DroppedBoxes)] = [
        (Box(x: 300, y: 10, width: 40, height: 20), DroppedBoxes(outside: 1)),
        (Box(x: 200, y: 10, width: 40, height: 20), DroppedBoxes(outside: 1)),
        (Box(x: 20, y: 10, width: 0, height: 20), DroppedBoxes(empty: 1)),
        (Box(x: 20, y: 10, width: 0.00001, height: 20), DroppedBoxes(empty: 1)),
        (Box(x: .nan, y: 10, width: 40, height: 20), DroppedBoxes(unreadable: 1)),
        (Box(x: 20, y: 10, width: .infinity, height: 20), DroppedBoxes(unreadable: 1)),
        (Box(x: 20, y: 10, width: 10, height: 20), DroppedBoxes()),
    ]

    @Test(arguments: boxes) func droppedBoxesAreCountedByKind(fact: (box: Box, dropped: DroppedBoxes)) {
        let classes = ClassList(entries: [LabelEntry(mainLabel: "car")], labels: [])
        let labels = FrameLabels(
            [LabelledBox(box: fact.box, label: "car"), LabelledBox(box: fact.box, label: "tree")],
            unreadableCount: 2, classes: classes, canvas: Canvas(width: 200, height: 100))
        var expected = fact.dropped
        expected += DroppedBoxes(unknownClass: 1, unreadable: 2)
        #expect(labels.dropped == expected)
        #expect(labels.boxes.count == (fact.dropped == DroppedBoxes() ? 1 : 0))
    }

    @Test func kindsAreNamedForAPerson() {
        let dropped = DroppedBoxes(unknownClass: 2, outside: 1, unreadable: 3)
        #expect(
            dropped.sentences == [
                "2 boxes fit no class", "1 box lies outside of its picture",
                "3 boxes have no label or coordinates that are no numbers",
            ])
    }
}
