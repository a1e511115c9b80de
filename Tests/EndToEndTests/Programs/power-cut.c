/* power-cut MOUNT: shuts the ext4 file system down as a power cut would. Nothing that is not on the disk yet gets
 * there any more, the ext4 log included (EXT4_GOING_FLAGS_NOLOGFLUSH). */
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
    __u32 without_log_flush = 2;
    int descriptor = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1;
    if (descriptor < 0 || ioctl(descriptor, _IOR('X', 125, __u32), &without_log_flush) != 0) {
        perror("power-cut");
        return 1;
    }
    return 0;
}
