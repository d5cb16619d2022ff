/// What is done to one picture, with all that was drawn for it.
package enum PictureChange: Hashable, Sendable, Codable {
    case flipHorizontal
    case flipVertical
    /// Clockwise, 1 … 3.
    case quarterTurns(Int)
    /// Clockwise about the centre; what comes in from outside is black.
    case rotation(degrees: Double)
    /// Rows move to the right by tan(`across`) for each row below the middle, and then columns down by tan(`down`) for
    /// each column right of it; what comes in from outside is black. In degrees.
    case shear(across: Double, down: Double)
    /// The picture without its margins, brought back to its size; negative margins are black borders.
    case crop(MarginShares)
    /// The radius in pixels at which a Gaussian has 61 % of its height.
    case gaussianBlur(sigma: Double)
    /// The mean of a square with sides of 2 × `radius` + 1 pixels.
    case averageBlur(radius: Int)
    case medianBlur(radius: Int)
    /// Brightness changes by a normal distribution of this standard deviation; 255 is from black to white.
    case gaussianNoise(scale: Double, seed: UInt32)
    /// Brightness changes by a Laplace distribution of this diversity.
    case laplaceNoise(scale: Double, seed: UInt32)
    /// 255 is from black to white.
    case brightnessAdd(Double)
    case brightnessMultiply(Double)
    /// Turns all colours on the circle of hues; in degrees, from red to green to blue.
    case hueAdd(degrees: Double)
    /// Hue, from 0 at red, times the factor, around the circle.
    case hueMultiply(Double)
    /// Lengthens the vector of colour; 255 is its greatest length.
    case saturationAdd(Double)
    case saturationMultiply(Double)
    /// `alpha` 0 leaves the picture as it is, 1 takes all colour away.
    case grayscale(alpha: Double)
    /// Each channel, from 0 to 1, to the power of the value.
    case gammaContrast(Double)
    /// Each channel v, from 0 to 1, becomes 1 / (1 + exp(gain × (0.5 − v))).
    case sigmoidContrast(gain: Double)
    /// The picture mixed with one from which its surroundings are taken away.
    case sharpen(alpha: Double)
}

extension PictureChange {
    /// Draws what the augmentation leaves open.
    init(_ augmentation: Augmentation, drawing draws: inout SeededDraws) {
        // Switches draw a 0 that nobody looks at.
        let values = augmentation.values ?? 0...0
        let value = draws.number(in: values)
        switch augmentation.type {
        case .flipHorizontal: self = .flipHorizontal
        case .flipVertical: self = .flipVertical
        case .rotate90: self = .quarterTurns(1)
        case .rotate180: self = .quarterTurns(2)
        case .rotate270: self = .quarterTurns(3)
        case .rotate: self = .rotation(degrees: value)
        case .shear: self = .shear(across: value, down: draws.number(in: values))
        case .shearX: self = .shear(across: value, down: 0)
        case .shearY: self = .shear(across: 0, down: value)
        case .crop: self = .crop(MarginShares(first: value, drawing: &draws, from: values, sign: 1))
        case .cropPad: self = .crop(MarginShares(first: value, drawing: &draws, from: values, sign: -1))
        default: self = Self.ofPixels(augmentation.type, value, seed: UInt32(truncatingIfNeeded: draws.next()))
        }
    }

    /// Changes that leave every pixel where it is.
    private static func ofPixels(_ type: AugmentationType, _ value: Double, seed: UInt32) -> PictureChange {
        switch type {
        case .gaussianBlur: .gaussianBlur(sigma: value)
        case .averageBlur: .averageBlur(radius: Int(((value - 1) / 2).rounded()))
        case .medianBlur: .medianBlur(radius: Int(((value - 1) / 2).rounded()))
        case .gaussianNoise: .gaussianNoise(scale: value, seed: seed)
        case .laplaceNoise: .laplaceNoise(scale: value, seed: seed)
        case .brightnessAdd: .brightnessAdd(value)
        case .brightnessMultiply: .brightnessMultiply(value)
        case .hueAdd: .hueAdd(degrees: value)
        case .hueMultiply: .hueMultiply(value)
        case .saturationAdd: .saturationAdd(value)
        case .saturationMultiply: .saturationMultiply(value)
        case .grayscale: .grayscale(alpha: value)
        case .gammaContrast: .gammaContrast(value)
        case .sigmoidContrast: .sigmoidContrast(gain: value)
        case .sharpen: .sharpen(alpha: value)
        default: preconditionFailure("\(type) moves pixels")
        }
    }
}

/// Margins of a picture as parts of its sides: positive ones are cut off, negative ones added.
package struct MarginShares: Hashable, Sendable, Codable {
    package let left: Double
    package let top: Double
    package let right: Double
    package let bottom: Double

    package init(left: Double, top: Double, right: Double, bottom: Double) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// - Parameters:
    ///   - first: drawn already, in percent.
    ///   - sign: −1 where positive percents add.
    fileprivate init(first: Double, drawing draws: inout SeededDraws, from values: ClosedRange<Double>, sign: Double) {
        let shares = [first] + (0..<3).map { _ in draws.number(in: values) }
        self.init(
            left: sign * shares[0] / 100, top: sign * shares[1] / 100, right: sign * shares[2] / 100,
            bottom: sign * shares[3] / 100)
    }
}

/// Margins in whole pixels of one picture.
package struct Margins: Hashable, Sendable {
    package let left: Int
    package let top: Int
    package let right: Int
    package let bottom: Int

    /// At least one pixel of the picture is left.
    package init(_ shares: MarginShares, of canvas: Canvas) {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        self.left = min(canvas.width - 1, Int((shares.left * width).rounded()))
        self.top = min(canvas.height - 1, Int((shares.top * height).rounded()))
        self.right = min(canvas.width - 1 - self.left, Int((shares.right * width).rounded()))
        self.bottom = min(canvas.height - 1 - self.top, Int((shares.bottom * height).rounded()))
    }
}
