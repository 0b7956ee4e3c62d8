#!/usr/bin/env python3
"""Writes vision_numbers.json: what independent NumPy computations give for average precision, mean intersection over union and COCO's masks. The inputs are in it.

Written from the rules of COCO and VOC, not from our C#: detections of all pictures go through one list, precision is taken by its definition,
the best at this recall or a higher one, and confusion is counted by a histogram. Thresholds are NumPy's, as those of COCO's and VOC's tools are.
"""
import json
from pathlib import Path

import numpy as np


def intersection(a, b):
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))


def area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def overlap(a, b):
    both = intersection(a, b)
    return both / (area(a) + area(b) - both)


def ranked(pictures, kind, most=None):
    """(picture, detection) of a class, the surest first; ties in the order of the pictures."""
    found = []
    for number, picture in enumerate(pictures):
        own = sorted((d for d in picture["detections"] if d["class"] == kind), key=lambda d: -d["score"])
        found += [(number, d) for d in own[:most]]
    return sorted(found, key=lambda pair: -pair[1]["score"])


SIZES = {"any": (0, 1e10), "small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, 1e10)}


def outside(value, size):
    return value < SIZES[size][0] or value > SIZES[size][1]


def coco_truth(picture, kind, size):
    """Things of a class; those of another size are ignored."""
    own = [dict(t) for t in picture["truth"] if t["class"] == kind]
    for t in own:
        t["ignored"] = t["ignored"] or outside(t["area"] if t["area"] is not None else area(t["box"]), size)
    return own


def coco_hits(pictures, kind, threshold, size, most):
    free = [coco_truth(picture, kind, size) for picture in pictures]
    hits = []
    for number, detection in ranked(pictures, kind, most):
        best = None
        for wanted in (False, True):  # boxes that count first, then those that do not
            for truth in free[number]:
                if truth["ignored"] != wanted:
                    continue
                value = intersection(detection["box"], truth["box"]) / area(detection["box"]) if truth["crowd"] else overlap(detection["box"], truth["box"])
                if value >= threshold and (best is None or value > best[0]):
                    best = (value, truth)
            if best:
                break
        if best and not best[1]["crowd"]:
            free[number].remove(best[1])
        if not (best[1]["ignored"] if best else outside(area(detection["box"]), size)):
            hits.append(best is not None)
    return np.array(hits, bool)


def voc_hits(pictures, kind):
    taken, hits = set(), []
    for number, detection in ranked(pictures, kind):
        values = [(overlap(detection["box"], t["box"]), place) for place, t in enumerate(pictures[number]["truth"]) if t["class"] == kind]
        value, place = max(values, default=(0, None))
        if value < 0.5:
            hits.append(False)
        elif not pictures[number]["truth"][place]["ignored"]:
            hits.append((number, place) not in taken)
            taken.add((number, place))
    return np.array(hits, bool)


def curve(hits, there):
    right = np.cumsum(hits)
    recall, precision = right / there, right / np.arange(1, len(hits) + 1)
    return lambda wanted: max(precision[recall >= wanted], default=0.0), np.unique(recall)


def average(pictures, single, kinds=None):
    def there(kind):
        return sum(t["class"] == kind and not t["ignored"] for p in pictures for t in p["truth"])
    kinds = kinds or sorted({t["class"] for p in pictures for t in p["truth"]})
    return float(np.mean([single(kind, there(kind)) for kind in kinds if there(kind)]))


def coco(pictures, thresholds=np.linspace(0.5, 0.95, 10), size="any", most=100, kinds=None):
    """(mean average precision, mean average recall)"""
    precisions, recalls = [], []
    for kind in kinds or sorted({t["class"] for p in pictures for t in p["truth"]}):
        there = sum(not t["ignored"] for p in pictures for t in coco_truth(p, kind, size))
        if there == 0:
            continue
        for threshold in thresholds:
            hits = coco_hits(pictures, kind, threshold, size, most)
            best, _ = curve(hits, there)
            precisions.append(np.mean([best(recall) for recall in np.linspace(0, 1, 101)]))
            recalls.append(hits.sum() / there)
    return float(np.mean(precisions)), float(np.mean(recalls))


def voc(pictures, kinds=None):
    def single(kind, there):
        best, recalls = curve(voc_hits(pictures, kind), there)
        recalls = np.concatenate(([0.0], recalls[recalls > 0]))
        return sum((b - a) * best(b) for a, b in zip(recalls, recalls[1:]))
    return average(pictures, single, kinds)


def voc2007(pictures):
    def single(kind, there):
        best, _ = curve(voc_hits(pictures, kind), there)
        return np.mean([best(recall) for recall in np.arange(0, 1.1, 0.1)])
    return average(pictures, single)


def runs(mask):
    """COCO's run lengths: column by column, outside first."""
    flat = np.concatenate(([0], mask.T.ravel().astype(int), [2]))
    return np.diff(np.concatenate(([0], np.flatnonzero(np.diff(flat))))).tolist()


def packed(counts):
    """COCO's text: five bits a character, the lowest first, two's complement; from the fourth on differences to the last but one."""
    text = ""
    for place, count in enumerate(counts):
        value = count - counts[place - 2] if place > 2 else count
        while True:
            bits, value = value & 31, value >> 5
            last = value == (-1 if bits & 16 else 0)
            text += chr(48 + bits + (0 if last else 32))
            if last:
                break
    return text


def inside(polygon, width, height):
    """By the definition: a ray from each pixel's middle passes an odd number of edges. 255 where an edge is within a third of a pixel."""
    corners = np.array(polygon, float).reshape(-1, 2)
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    odd, near = np.zeros((height, width), bool), np.zeros((height, width), bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, 0)):
        if ay != by:
            odd ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
        length = (bx - ax) ** 2 + (by - ay) ** 2
        t = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0, 1)
        near |= np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) < 1 / 3
    return np.where(near, 255, odd.astype(int))


def make_regions(random):
    width, height = 23, 17
    masks = [random.random((height, width)) < share for share in (0.05, 0.5, 0.95)]
    masks += [np.zeros((height, width), bool), np.ones((height, width), bool), np.kron(random.random((9, 12)) < 0.5, np.ones((60, 50))) > 0]
    polygons = []
    for corners in (3, 4, 5, 7):
        polygon = (random.random((corners, 2)) * [width + 6, height + 6] - 3).round(2).ravel().tolist()
        polygons.append({"width": width, "height": height, "polygon": polygon, "mask": inside(polygon, width, height).tolist()})
    return {
        "runs": [{"width": m.shape[1], "height": m.shape[0], "counts": runs(m), "packed": packed(runs(m)), "area": int(m.sum()),
                  "rows": m[:2].astype(int).tolist()} for m in masks],
        "polygons": polygons,
    }


def make_pictures(random):
    def box():
        x, y = random.integers(0, 80, 2)
        # Small, medium and large ones, and some on the border between.
        w, h = random.choice([16, 32, 96]) + random.integers(-8, 40, 2) * random.integers(0, 2)
        return [int(x), int(y), int(x + w), int(y + h)]

    pictures = []
    for _ in range(6):
        truth = [{"class": int(random.integers(0, 3)), "box": box(), "ignored": bool(random.random() < 0.2), "crowd": False} for _ in range(6)]
        for one in truth:
            one["crowd"] = one["ignored"] and bool(random.random() < 0.5)
            # An outline is less than its box; some files do not say.
            one["area"] = None if random.random() < 0.3 else round(area(one["box"]) * float(random.uniform(0.4, 1)), 2)
        detections = []
        for one in truth:
            for _ in range(int(random.integers(0, 3))):
                near = [int(edge + random.integers(-4, 5)) for edge in one["box"]]
                kind = one["class"] if random.random() < 0.8 else int(random.integers(0, 3))
                detections.append({"class": kind, "box": near})
        detections += [{"class": int(random.integers(0, 3)), "box": box()} for _ in range(3)]
        for one in detections:
            one["score"] = round(float(random.random()), 4)
        pictures.append({"truth": truth, "detections": detections})
    return pictures


def make_masks(random):
    masks = []
    for _ in range(3):
        truth = random.choice([0, 1, 2, 5, 255], (6, 7))
        answer = np.where(random.random((6, 7)) < 0.6, np.where(truth == 255, 0, truth), random.choice([0, 1, 2, 3], (6, 7)))
        masks.append({"truth": truth.tolist(), "answer": answer.tolist()})
    return masks


def iou(masks):
    """By class; NaN where a class is nowhere."""
    truth = np.concatenate([np.ravel(m["truth"]) for m in masks])
    answer = np.concatenate([np.ravel(m["answer"]) for m in masks])
    table = np.histogram2d(truth[truth != 255], answer[truth != 255], bins=(range(256), range(256)))[0]
    right, union = np.diag(table), table.sum(0) + table.sum(1) - np.diag(table)
    with np.errstate(invalid="ignore"):
        return right / union


random = np.random.default_rng(7)
cases = []
for _ in range(3):
    pictures = make_pictures(random)
    cases.append({
        "pictures": pictures,
        "coco50": coco(pictures, [0.5])[0],
        "coco75": coco(pictures, [0.75])[0],
        "sizes": {size: dict(zip(("precision", "recall"), coco(pictures, size=size))) for size in SIZES},
        "recall": {most: coco(pictures, most=most)[1] for most in (1, 2, 10)},
        "voc": voc(pictures),
        "voc2007": voc2007(pictures),
        "classes": [{"coco": coco(pictures, kinds=[kind])[0], "voc": voc(pictures, [kind])} for kind in range(3)],
    })
masks = make_masks(random)
classes = iou(masks)
text = json.dumps({"detection": cases, "segmentation": {"masks": masks, "miou": float(np.nanmean(classes)), "iou": [None if np.isnan(one) else float(one) for one in classes[:7]]}, "regions": make_regions(random)}, separators=(",", ":"))
(Path(__file__).parent / "vision_numbers.json").write_text(text + "\n")
