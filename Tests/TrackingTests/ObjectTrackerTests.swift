import Testing

@testable import Domain
@testable import Tracking

@Suite struct ObjectTrackerTests {
    private static func car(_ x: Double, _ confidence: Double = 0.9, label: String = "car") -> Detection {
        Detection(box: Box(x: x, y: 100, width: 40, height: 30), label: label, confidence: confidence)
    }

    private static func tracker() -> ObjectTracker { ObjectTracker(.init(leastConfidence: 0.25)) }

    @Test func movingObjectKeepsItsNumber() {
        var tracker = Self.tracker()
        let numbers = (0..<20).flatMap { tracker.track([Self.car(Double($0) * 15)]).map(\.trackId) }
        #expect(numbers == Array(repeating: 1, count: 20))
    }

    @Test func objectThatMovesFurtherThanItsWidthKeepsItsNumber() {
        var tracker = Self.tracker()
        let numbers = (0..<10).flatMap { tracker.track([Self.car(Double($0) * 45)]).map(\.trackId) }
        #expect(numbers == Array(repeating: 1, count: 10))
    }

    @Test func objectsThatCrossKeepTheirNumbers() {
        var tracker = Self.tracker()
        var rights: [Int?] = []
        var lefts: [Int?] = []
        for step in 0..<20 {
            let pair = tracker.track([Self.car(Double(step) * 10), Self.car(195 - Double(step) * 10)])
            rights.append(pair[0].trackId)
            lefts.append(pair[1].trackId)
        }
        #expect(Set(rights) == [1])
        #expect(Set(lefts) == [2])
    }

    @Test func objectUnseenForAWhileIsKnownAgain() {
        var tracker = Self.tracker()
        for step in 0..<5 { _ = tracker.track([Self.car(Double(step) * 5)]) }
        for _ in 5..<10 { _ = tracker.track([]) }
        #expect(tracker.track([Self.car(50)]).first?.trackId == 1)
    }

    @Test func objectUnseenForLongIsANewOne() {
        var tracker = Self.tracker()
        _ = tracker.track([Self.car(0)])
        for _ in 0..<31 { _ = tracker.track([]) }
        #expect(tracker.track([Self.car(0)]).first?.trackId == 2)
    }

    @Test func weakBoxContinuesATrackButBeginsNone() {
        var tracker = Self.tracker()
        #expect(tracker.track([Self.car(0, 0.3)]).first?.trackId == nil)
        #expect(tracker.track([Self.car(0, 0.9)]).first?.trackId == 1)
        #expect(tracker.track([Self.car(1, 0.3)]).first?.trackId == 1)
    }

    @Test func labelsDoNotShareATrack() {
        var tracker = Self.tracker()
        #expect(tracker.track([Self.car(0)]).first?.trackId == 1)
        #expect(tracker.track([Self.car(0, label: "person")]).first?.trackId == 2)
    }

    @Test func assignmentFindsTheLeastSum() {
        let costs = [[0.4, 0.1, 0.9], [0.2, 0.1, 0.9]]
        let pairs = Assignment.pairs(costs, limit: 0.8)
        #expect(pairs.map(\.row) == [0, 1])
        #expect(pairs.map(\.column) == [1, 0])
    }

    @Test func assignmentLeavesDearPairsApart() {
        #expect(Assignment.pairs([[0.9]], limit: 0.8).isEmpty)
        #expect(Assignment.pairs([], limit: 0.8).isEmpty)
        #expect(Assignment.pairs([[]], limit: 0.8).isEmpty)
        // Two rows want the same column: one goes without.
        #expect(Assignment.pairs([[0.3], [0.2]], limit: 0.8).map(\.row) == [1])
    }

    @Test func motionGoesOnWhereTheObjectIsGoing() {
        var motion = BoxMotion(startingAt: Box(x: 0, y: 0, width: 20, height: 40))
        for step in 1...20 {
            motion.predict()
            motion.correct(with: Box(x: Double(step) * 4, y: 0, width: 20, height: 40))
        }
        motion.predict()
        #expect(abs(motion.box.x - 84) < 1)
        #expect(abs(motion.box.height - 40) < 0.5)
    }
}
