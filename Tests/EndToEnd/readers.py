"""Reads a dataset export with the formats' own readers, in the environment work/tools/readers that has them.

    python readers.py FORMAT DIRECTORY    prints {picture: [[label, left, top, width, height], …]} as JSON

`coco` is read by pycocotools, `voc` and `cvat` by lxml, every one with a `-datumaro` behind its name by Datumaro.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path


def coco(folder):
    from pycocotools.coco import COCO
    boxes = {}
    for path in sorted((folder / "annotations").glob("instances_*.json")):
        sys.stdout = sys.stderr
        data = COCO(path)
        sys.stdout = sys.__stdout__
        for image in data.loadImgs(data.getImgIds()):
            annotations = data.loadAnns(data.getAnnIds(imgIds=image["id"]))
            boxes[Path(image["file_name"]).stem] = [
                [data.loadCats(annotation["category_id"])[0]["name"], *annotation["bbox"]] for annotation in annotations]
            assert (folder / "images" / path.stem.split("_")[1] / image["file_name"]).is_file()
    return boxes


def voc(folder):
    from lxml import etree
    boxes = {}
    for path in (folder / "Annotations").glob("*.xml"):
        root = etree.parse(path).getroot()
        boxes[path.stem] = []
        for found in root.iter("object"):
            x, y, right, bottom = (
                float(found.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
            boxes[path.stem].append([found.findtext("name"), x, y, right - x, bottom - y])
        assert (folder / "JPEGImages" / root.findtext("filename")).is_file()
    listed = [name for file in (folder / "ImageSets" / "Main").glob("*.txt") for name in file.read_text().split()]
    assert sorted(listed) == sorted(boxes)
    return boxes


def cvat(folder):
    from lxml import etree
    root = etree.parse(folder / "annotations.xml").getroot()
    assert root.findtext("version") == "1.1"
    boxes = {}
    for image in root.iter("image"):
        name = Path(image.get("name")).stem
        boxes[name] = []
        for found in image.iter("box"):
            x, y, right, bottom = (float(found.get(side)) for side in ("xtl", "ytl", "xbr", "ybr"))
            boxes[name].append([found.get("label"), x, y, right - x, bottom - y])
        assert (folder / "images" / image.get("name")).is_file()
    return boxes


def datumaro(folder, name):
    import datumaro
    dataset = datumaro.Dataset.import_from(str(folder), name)
    labels = dataset.categories()[datumaro.AnnotationType.label]
    boxes = defaultdict(list)
    for item in dataset:
        found = boxes[Path(item.id).name]
        for annotation in item.annotations:
            if annotation.type == datumaro.AnnotationType.bbox:
                found.append([labels[annotation.label].name, *annotation.get_bbox()])
    return boxes


READERS = {
    "coco": coco, "voc": voc, "cvat": cvat,
    "coco-datumaro": lambda folder: datumaro(folder, "coco_instances"),
    "voc-datumaro": lambda folder: datumaro(folder, "voc_detection"),
    "cvat-datumaro": lambda folder: datumaro(folder, "cvat"),
    "datumaro-datumaro": lambda folder: datumaro(folder, "datumaro"),
    "yolo-datumaro": lambda folder: datumaro(folder, "yolo"),
    "mot-datumaro": lambda folder: datumaro(folder, "mot_seq"),
}

if __name__ == "__main__":
    print(json.dumps(READERS[sys.argv[1]](Path(sys.argv[2]))))
