"""What torchvision's weights expect of a picture."""
import torch


def normalised(x):
    """A picture [N, 3, H, W], 0..1, without ImageNet's mean and deviation."""
    mean, deviation = (torch.tensor(numbers, dtype=x.dtype).view(3, 1, 1) for numbers in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    return (x - mean) / deviation
