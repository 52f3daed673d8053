// Your game. 你的游戏。
