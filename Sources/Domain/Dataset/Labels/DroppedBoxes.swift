/// Boxes of a picture, or of many, that are not in its labels: how many of each kind.
///
/// Boxes of classes that the version switches off are left out because somebody asked for it, so they are not here.
package struct DroppedBoxes: Codable, Hashable, Sendable {
    /// No entry of the class list fits.
    package var unknownClass = 0
    /// No part of the box lies in the picture.
    package var outside = 0
    /// The box has no area, or less than six decimals can write.
    package var empty = 0
    /// There is no label, or a coordinate is no finite number.
    package var unreadable = 0
    /// After an augmentation, less of the box is visible than `[Augmentation] min_visible`.
    package var hidden = 0

    package init() {}

    package init(unknownClass: Int = 0, outside: Int = 0, empty: Int = 0, unreadable: Int = 0, hidden: Int = 0) {
        self.unknownClass = unknownClass
        self.outside = outside
        self.empty = empty
        self.unreadable = unreadable
        self.hidden = hidden
    }

    /// One sentence for each kind that there is, such as `2 boxes fit no class`.
    package var sentences: [String] {
        [
            (self.unknownClass, "fit no class", "fits no class"),
            (self.outside, "lie outside of their pictures", "lies outside of its picture"),
            (self.empty, "have no area", "has no area"),
            (self.unreadable, "have no label or coordinates that are no numbers", "has no label or no numbers"),
            (self.hidden, "are hidden in augmented pictures", "is hidden in an augmented picture"),
        ].filter { $0.0 > 0 }.map { $0.0 == 1 ? "1 box \($0.2)" : "\($0.0) boxes \($0.1)" }
    }

    package static func += (left: inout DroppedBoxes, right: DroppedBoxes) {
        left.unknownClass += right.unknownClass
        left.outside += right.outside
        left.empty += right.empty
        left.unreadable += right.unreadable
        left.hidden += right.hidden
    }
}
