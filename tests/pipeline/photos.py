"""Photos as cameras write them."""

from io import BytesIO

from PIL import Image

DATE, OFFSET, CAMERA_IFD, MAKE, MODEL = 0x9003, 0x9011, 0x8769, 271, 272


def photo(number: int, taken: str | None, model: str = "", offset: str = "") -> bytes:
    """Return a JPEG, each number another picture, with its EXIF date (`2011:02:03 04:05:06`)."""
    image = Image.new("RGB", (16 + number % 5, 12), (number % 256, number // 256 % 256, 7))
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(CAMERA_IFD)[DATE] = taken
    if offset:
        exif.get_ifd(CAMERA_IFD)[OFFSET] = offset
    if model:
        exif[MAKE], exif[MODEL] = "Maker", model
    file = BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()
