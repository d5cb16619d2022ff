/// The boxes of one picture that go into a dataset, and how many do not.
package struct FrameLabels: Hashable, Sendable, Codable {
    /// In the order of their lines: by class, then from left to right, top to bottom, small to large.
    package let boxes: [ClassifiedBox]
    package let canvas: Canvas
    /// Boxes that fit no class; part of the description that a record is compared with.
    private let unknownCount: Int
    /// Only known where the labels were made, not where they were read again.
    package private(set) var dropped = DroppedBoxes()

    private enum CodingKeys: String, CodingKey {
        case boxes, canvas, unknownCount
    }

    /// - Parameters:
    ///   - labelled: in pixels of the picture.
    ///   - unreadableCount: boxes of the picture's document that could not be read.
    package init(_ labelled: [LabelledBox], unreadableCount: Int = 0, classes: ClassList, canvas: Canvas) {
        var boxes: [ClassifiedBox] = []
        var dropped = DroppedBoxes(unreadable: unreadableCount)
        for box in labelled {
            switch (classes.verdict(on: box), box.box.clamped(to: canvas)) {
            case (.unknown, _): dropped.unknownClass += 1
            case (.disabled, _): continue
            case (.number, nil): dropped[keyPath: box.box.reasonOutside] += 1
            case (.number(let number), let inside?):
                var clipped = box
                clipped.box = inside
                boxes.append(ClassifiedBox(classNumber: number, labelled: clipped))
            }
        }
        self.init(boxes, canvas: canvas, dropped: dropped)
    }

    private init(_ boxes: [ClassifiedBox], canvas: Canvas, dropped: DroppedBoxes) {
        // Swift's sort keeps the order of equals, so boxes that agree in all five stay as they are stored.
        self.boxes = boxes.filter { Self.hasLine($0.box, in: canvas) }.sorted { Self.rank($0) < Self.rank($1) }
        self.canvas = canvas
        self.unknownCount = dropped.unknownClass
        self.dropped = dropped
        self.dropped.empty += boxes.count - self.boxes.count
    }

    /// The same boxes in a changed picture; what is no longer visible enough is dropped.
    ///
    /// - Parameter minimumVisible: the share of a box's area that must stay in the picture, 0 … 1.
    package func moved(by transform: PictureTransform, minimumVisible: Double) -> FrameLabels {
        let moved = self.boxes.compactMap { box -> ClassifiedBox? in
            guard let inside = transform.moved(box.box, minimumVisible: minimumVisible) else { return nil }
            var labelled = box.labelled
            labelled.box = inside
            return ClassifiedBox(classNumber: box.classNumber, labelled: labelled)
        }
        let hidden = DroppedBoxes(hidden: self.boxes.count - moved.count)
        return FrameLabels(moved, canvas: transform.canvas, dropped: hidden)
    }

    /// Centre and size as parts of the picture's.
    package static func relative(_ box: Box, in canvas: Canvas) -> [Double] {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        return [box.centerX / width, box.centerY / height, box.width / width, box.height / height]
    }

    /// Whether anything of the box is left when it is written with six decimals.
    private static func hasLine(_ box: Box, in canvas: Canvas) -> Bool {
        Self.relative(box, in: canvas).suffix(2).allSatisfy { $0 >= 0.000_000_5 }
    }

    private static func rank(_ box: ClassifiedBox) -> (Int, Double, Double, Double, Double) {
        (box.classNumber, box.box.centerX, box.box.centerY, box.box.width, box.box.height)
    }
}

extension Box {
    /// Why nothing of the box is left in its picture.
    fileprivate var reasonOutside: WritableKeyPath<DroppedBoxes, Int> {
        guard [self.x, self.y, self.width, self.height].allSatisfy(\.isFinite) else { return \.unreadable }
        return self.width > 0 && self.height > 0 ? \.outside : \.empty
    }
}
