/// A box of a frame as people or auto annotation left it, in pixels of the displayed picture.
package struct LabelledBox: Hashable, Sendable, Codable {
    package var box: Box
    package let label: String
    /// The values that are set, by the attribute's name.
    package let attributes: [String: [String]]
    /// The same for one object in all frames of a task; `nil` without tracking.
    package let trackId: Int?
    /// 0 … 1; `nil` for boxes that people drew.
    package let confidence: Double?

    package init(
        box: Box, label: String, attributes: [String: [String]] = [:], trackId: Int? = nil, confidence: Double? = nil
    ) {
        self.box = box
        self.label = label
        self.attributes = attributes
        self.trackId = trackId
        self.confidence = confidence
    }
}

/// A box that is part of a dataset: with its class, and clipped to its picture.
package struct ClassifiedBox: Hashable, Sendable, Codable {
    package let classNumber: Int
    package let labelled: LabelledBox

    package var box: Box { self.labelled.box }

    package init(classNumber: Int, labelled: LabelledBox) {
        self.classNumber = classNumber
        self.labelled = labelled
    }
}

/// Width and height of a picture in pixels, both at least 1.
package struct Canvas: Hashable, Sendable, Codable {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

extension Box {
    func clamped(to canvas: Canvas) -> Box? {
        self.clamped(toWidth: Double(canvas.width), height: Double(canvas.height))
    }
}
