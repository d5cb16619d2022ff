import Testing

@testable import Domain
@testable import LabelFormats

@Suite struct ClassNameTests {
    @Test func onlyVOCCallsClassesOtherwise() {
        let classes = ClassList(entries: [], labels: ["car", "car: red", "#1", "a\nb"])
        for format in DatasetFormat.allCases where format != .voc { #expect(format.problems(classes: classes).isEmpty) }
        let problems = DatasetFormat.voc.problems(classes: classes)
        #expect(problems.count == 3)
        #expect(problems.contains { $0.contains("\"car_ red\" for the class \"car: red\"") })
        #expect(problems.allSatisfy { !$0.contains("\n") })
    }
}
