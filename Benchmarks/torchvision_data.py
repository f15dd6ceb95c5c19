#!/usr/bin/env python3
"""Photos decoded, cut and resized by torchvision and Pillow: the peer that `murmur bench data` is measured against.

usage: torchvision_data.py FOLDER [SECONDS]      FOLDER: photos in folders of their classes
prints JSON with the images a second of one thread. Needs `pip install torchvision`.
"""
import json
import random
import sys
import time

import torch
from torchvision import datasets, transforms

folder, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 3
torch.set_num_threads(1)
random.seed(1)
photos = datasets.ImageFolder(folder, transforms.Compose([
    transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]))


def batch():
    return torch.stack([photos[random.randrange(len(photos))][0] for _ in range(25)])


batch()
count, begin = 0, time.perf_counter()
while time.perf_counter() - begin < seconds:
    count += len(batch())
print(json.dumps({"images_per_second": round(count / (time.perf_counter() - begin), 1)}, separators=(",", ":")))
