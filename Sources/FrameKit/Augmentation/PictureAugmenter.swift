package import Domain
import Glibc

/// Makes changed pictures for datasets.
///
/// The same picture and change give the same pixels on every processor. Every change brings numbers of its own, so a
/// graph serves one picture; the value keeps nothing. May be used by any number of threads.
package struct PictureAugmenter: Sendable {
    package init() {}

    /// `picture` after `change`, as large as ``Annotation/PictureTransform`` says.
    ///
    /// - Throws: ``MediaError/Code/encoderFailure`` when the picture is too small for the change,
    ///   ``MediaError/Code/outOfMemory``.
    package func apply(_ change: PictureChange, to picture: Picture) throws(MediaError) -> Picture {
        let canvas = Canvas(width: picture.width, height: picture.height)
        var filter = try PictureFilter(change.filters(for: canvas))
        return try filter.apply(to: picture)
    }

    /// The part of a clip's picture that shows one image of a collection, in the image's own pixels.
    ///
    /// - Throws: as ``apply(_:to:)``; ``MediaError/Code/encoderFailure`` also when the place lies outside the picture.
    package func image(at place: ImagePlace, in picture: Picture) throws(MediaError) -> Picture {
        let scale = ScaleFilter(
            size: PictureSize(width: place.canvas.width, height: place.canvas.height), isFullRange: false)
        var filter = try PictureFilter(
            "\(PictureForm.luma),crop=\(place.innerWidth):\(place.innerHeight):\(place.left):\(place.top):exact=1,\(scale)"
        )
        return try filter.apply(to: picture)
    }
}

/// The form of pixels that a change works on.
private enum PictureForm {
    /// Luma and chroma for every pixel, so that nothing lies between two pixels, in limited range, whose black is the
    /// one that libavfilter fills with.
    static let luma = "\(ScaleFilter(isFullRange: false)),format=yuv444p"
    /// Green, blue and red for every pixel.
    static let colours = ScaleFilter(form: .planarRGB).description
}

extension PictureChange {
    /// The change in the words of libavfilter (<https://ffmpeg.org/ffmpeg-filters.html>).
    fileprivate func filters(for canvas: Canvas) -> String {
        switch self {
        case .gammaContrast(let gamma):
            "\(PictureForm.colours),\(Self.table("255*pow(val/255,\(gamma))"))"
        case .sigmoidContrast(let gain):
            "\(PictureForm.colours),\(Self.table("255/(1+exp(\(gain)*(0.5-val/255)))"))"
        default: "\(PictureForm.luma),\(self.geometryFilters(for: canvas) ?? self.lumaFilters)"
        }
    }

    /// What moves pixels; `nil` for changes that do not.
    private func geometryFilters(for canvas: Canvas) -> String? {
        switch self {
        case .flipHorizontal: "hflip"
        case .flipVertical: "vflip"
        case .quarterTurns(1): "transpose=clock"
        case .quarterTurns(2): "hflip,vflip"
        case .quarterTurns: "transpose=cclock"
        case .rotation(let degrees): "rotate=angle=\(degrees)*PI/180:fillcolor=black"
        case .shear(let across, let down): Self.shear(across: across, down: down)
        case .crop(let shares): Self.crop(Margins(shares, of: canvas), of: canvas)
        default: nil
        }
    }

    /// The filter asks for each new pixel where it comes from: at x + shx·y, y + shy·x from the centre.
    private static func shear(across: Double, down: Double) -> String {
        let steps = [("shx", across), ("shy", down)].filter { $0.1 != 0 }
        let filters = steps.map { "shear=\($0.0)=\(-tan($0.1 * .pi / 180)):fillcolor=black" }
        return filters.isEmpty ? "null" : filters.joined(separator: ",")
    }

    private static func crop(_ margins: Margins, of canvas: Canvas) -> String {
        let width = canvas.width - max(0, margins.left) - max(0, margins.right)
        let height = canvas.height - max(0, margins.top) - max(0, margins.bottom)
        let (left, top) = (max(0, -margins.left), max(0, -margins.top))
        let paddedWidth = width + left + max(0, -margins.right)
        let paddedHeight = height + top + max(0, -margins.bottom)
        let scale = ScaleFilter(
            size: PictureSize(width: canvas.width, height: canvas.height), isFullRange: false)
        return "crop=\(width):\(height):\(max(0, margins.left)):\(max(0, margins.top)):exact=1"
            + ",pad=\(paddedWidth):\(paddedHeight):\(left):\(top):black,\(scale)"
    }

    /// What changes brightness and colour in place.
    private var lumaFilters: String {
        switch self {
        case .gaussianBlur(let sigma): "gblur=sigma=\(sigma):steps=3"
        case .averageBlur(let radius): radius == 0 ? "null" : "avgblur=sizeX=\(radius)"
        case .medianBlur(let radius): radius == 0 ? "null" : "median=radius=\(radius)"
        case .gaussianNoise(let scale, let seed):
            Self.noise("\(scale)*sqrt(-2*log(max(random(0),1e-12)))*cos(2*PI*random(1))", seed: seed)
        case .laplaceNoise(let scale, let seed):
            // Not sgn(): it draws anew for each of its two comparisons.
            Self.noise("\(scale)*(1-2*lt(random(1),0.5))*log(max(random(0),1e-12))", seed: seed)
        case .brightnessAdd(let value): Self.luma("val+\(value)*(maxval-minval)/255")
        case .brightnessMultiply(let factor): Self.luma("minval+(val-minval)*\(factor)")
        case .hueAdd(let degrees): "hue=h=\(degrees)"
        case .hueMultiply(let factor): Self.hue(times: factor)
        case .saturationAdd(let value):
            Self.chroma("max(0,1+\(value)*112/255/max(8,hypot(cb(X,Y)-128,cr(X,Y)-128)))")
        case .saturationMultiply(let factor): "hue=s=\(factor)"
        case .grayscale(let alpha): "hue=s=\(1 - alpha)"
        case .sharpen(let alpha): Self.sharpening(alpha)
        default: preconditionFailure("\(self) has no filter of this kind")
        }
    }

    /// One table for all three channels.
    private static func table(_ expression: String) -> String {
        "lutrgb=" + ["r", "g", "b"].map { "\($0)='clip(\(expression),0,255)'" }.joined(separator: ":")
    }

    private static func luma(_ expression: String) -> String { "lutyuv=y='clip(\(expression),minval,maxval)'" }

    /// Adds to every pixel's luma what the expression draws; both sources of random numbers start from the seed.
    private static func noise(_ expression: String, seed: UInt32) -> String {
        "geq=lum='if(eq(X+Y,0),st(0,\(seed))+st(1,\(~seed)));clip(lum(X,Y)+219/255*(\(expression)),16,235)'"
            + ":cb='cb(X,Y)':cr='cr(X,Y)'"
    }

    /// Lengthens the vector of chroma.
    private static func chroma(_ factor: String) -> String {
        "geq=lum='lum(X,Y)':cb='clip(128+(cb(X,Y)-128)*\(factor),16,240)':cr='clip(128+(cr(X,Y)-128)*\(factor),16,240)'"
    }

    /// Chroma is turned from red by a multiple of its angle to red.
    private static func hue(times factor: Double) -> String {
        // The angle of red, which BT.601 and BT.709 place some degrees apart.
        let red = 1.845
        let angle = "\(red)+\(factor)*mod(atan2(cr(X,Y)-128,cb(X,Y)-128)-\(red)+4*PI,2*PI)"
        let length = "hypot(cb(X,Y)-128,cr(X,Y)-128)"
        return "geq=lum='lum(X,Y)':cb='clip(128+\(length)*cos(\(angle)),16,240)'"
            + ":cr='clip(128+\(length)*sin(\(angle)),16,240)'"
    }

    /// Mixes luma with nine times itself less its eight neighbours. The filter takes whole numbers.
    private static func sharpening(_ alpha: Double) -> String {
        let part = Int((alpha * 1000).rounded())
        let neighbours = [String](repeating: "\(-part)", count: 4).joined(separator: " ")
        return "convolution=0m='\(neighbours) \(1000 + 8 * part) \(neighbours)':0rdiv=0.001"
    }
}
