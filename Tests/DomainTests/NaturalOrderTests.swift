import Testing

@testable import Domain

@Suite struct NaturalOrderTests {
    static let orders = [
        ["img1.jpg", "img2.jpg", "img10.jpg"],
        ["a", "A1", "a2", "b"],
        ["2", "10", "a"],
        ["x007", "x7", "x8"],
        ["f99999999999999999999", "f100000000000000000000"],
        ["day1/2.png", "day1/10.png", "day2/1.png"],
        ["a", "a1"],
    ]

    @Test(arguments: orders)
    func peopleCountLikeThis(names: [String]) {
        #expect(names.reversed().sorted(by: NaturalOrder.precedes) == names)
    }

    @Test func noNamePrecedesItself() {
        #expect(!NaturalOrder.precedes("img01", "img01"))
        #expect(NaturalOrder.precedes("img01", "img1") != NaturalOrder.precedes("img1", "img01"))
    }

    @Test func namesOfTwoNormalFormsAreTwoNames() {
        // "f" lies between the two forms of the same letter.
        let names = ["e\u{301}1.jpg", "e\u{301}2.jpg", "f.jpg", "\u{e9}1.jpg", "\u{e9}2.jpg"]
        for (left, first) in names.enumerated() {
            for (right, second) in names.enumerated() {
                #expect(NaturalOrder.precedes(first, second) == (left < right), "\(first) \(second)")
            }
        }
    }
}
