<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>the picture is incomplete</source>
        <translation>图片不完整</translation>
    </message>
    <message>
        <source>the picture is damaged</source>
        <translation>图片已损坏</translation>
    </message>
    <message>
        <source>the picture has too many pixels</source>
        <translation>图片像素过多</translation>
    </message>
    <message>
        <source>the picture has no pixels</source>
        <translation>图片没有像素</translation>
    </message>
    <message>
        <source>the picture is too small or too narrow</source>
        <translation>图片太小或太窄</translation>
    </message>
    <message>
        <source>the picture has an unknown format</source>
        <translation>图片格式未知</translation>
    </message>
    <message>
        <source>the picture shows one even colour; is the lens covered?</source>
        <translation>图片只有一种均匀的颜色；镜头是否被遮住？</translation>
    </message>
    <message>
        <source>the picture file is too large</source>
        <translation>图片文件过大</translation>
    </message>
    <message>
        <source>the picture file changed while it was read</source>
        <translation>读取时图片文件发生了变化</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>文件无法读取</translation>
    </message>
    <message>
        <source>this is no ordinary file</source>
        <translation>这不是普通文件</translation>
    </message>
    <message>
        <source>the file or folder was not found</source>
        <translation>找不到文件或文件夹</translation>
    </message>
    <message>
        <source>the folder is gone</source>
        <translation>文件夹已不存在</translation>
    </message>
    <message>
        <source>the folder cannot be written to</source>
        <translation>文件夹不可写入</translation>
    </message>
    <message>
        <source>the disk is nearly full</source>
        <translation>磁盘将满</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>the disk reports a fault</source>
        <translation>磁盘报告故障</translation>
    </message>
    <message>
        <source>a limit of the system is reached</source>
        <translation>达到系统限制</translation>
    </message>
    <message>
        <source>the camera was not found; check cable and power</source>
        <translation>找不到相机；请检查线缆和电源</translation>
    </message>
    <message>
        <source>the source gives no picture</source>
        <translation>图像源没有画面</translation>
    </message>
    <message>
        <source>the picture of the camera is frozen</source>
        <translation>相机画面停滞不动</translation>
    </message>
    <message>
        <source>the camera refused the login</source>
        <translation>相机拒绝登录</translation>
    </message>
    <message>
        <source>the size of the picture has changed</source>
        <translation>图片尺寸发生了变化</translation>
    </message>
    <message>
        <source>this is another camera than the one expected</source>
        <translation>这不是预期的那台相机</translation>
    </message>
    <message>
        <source>another program uses the camera</source>
        <translation>相机正被其他程序使用</translation>
    </message>
    <message>
        <source>the camera is faster or slower than planned</source>
        <translation>相机帧率高于或低于计划</translation>
    </message>
    <message>
        <source>this address is not allowed: use rtsp, rtsps, http(s) or a device</source>
        <translation>不允许使用此地址：请用 rtsp、rtsps、http(s) 或设备</translation>
    </message>
    <message>
        <source>the database is in use</source>
        <translation>数据库正被使用</translation>
    </message>
    <message>
        <source>the database is damaged; it was kept and a new one started</source>
        <translation>数据库已损坏；已保留原文件并新建数据库</translation>
    </message>
    <message>
        <source>the database is of a newer version; it is only read</source>
        <translation>数据库来自更新的版本；只能读取</translation>
    </message>
    <message>
        <source>the file is no database of this program</source>
        <translation>该文件不是本程序的数据库</translation>
    </message>
    <message>
        <source>the database could not be brought up to date; the old one is unchanged</source>
        <translation>数据库无法升级；原文件未改动</translation>
    </message>
    <message>
        <source>the stored picture is missing</source>
        <translation>保存的图片缺失</translation>
    </message>
    <message>
        <source>the stored picture was altered</source>
        <translation>保存的图片被改动过</translation>
    </message>
    <message>
        <source>the weight file is too short</source>
        <translation>权重文件过短</translation>
    </message>
    <message>
        <source>weights are missing in the model</source>
        <translation>模型缺少权重</translation>
    </message>
    <message>
        <source>weights of the model have the wrong shape</source>
        <translation>模型权重的形状不对</translation>
    </message>
    <message>
        <source>weights of the model are no numbers</source>
        <translation>模型权重中有非数值</translation>
    </message>
    <message>
        <source>a file of the model was changed</source>
        <translation>模型的文件被改动过</translation>
    </message>
    <message>
        <source>parts of the weight file are missing or do not fit</source>
        <translation>权重分片缺失或不匹配</translation>
    </message>
    <message>
        <source>the model has a format that this program does not read</source>
        <translation>本程序不能读取该模型的格式</translation>
    </message>
    <message>
        <source>this is no model folder</source>
        <translation>这不是模型文件夹</translation>
    </message>
    <message>
        <source>a value in the model&apos;s configuration is not possible</source>
        <translation>模型配置中有不允许的值</translation>
    </message>
    <message>
        <source>the tokenizer does not fit the model</source>
        <translation>分词器与模型不匹配</translation>
    </message>
    <message>
        <source>the tokenizer has a damaged entry</source>
        <translation>分词器有损坏的条目</translation>
    </message>
    <message>
        <source>the tokenizer lacks a marker that the model needs</source>
        <translation>分词器缺少模型需要的标记</translation>
    </message>
    <message>
        <source>the question is empty</source>
        <translation>问题为空</translation>
    </message>
    <message>
        <source>the question is too long</source>
        <translation>问题过长</translation>
    </message>
    <message>
        <source>the question holds characters that cannot be read</source>
        <translation>问题含有无法读取的字符</translation>
    </message>
    <message>
        <source>the model gave no usable answer</source>
        <translation>模型没有给出可用的回答</translation>
    </message>
    <message>
        <source>the settings are damaged; the defaults are used</source>
        <translation>设置已损坏；改用默认值</translation>
    </message>
    <message>
        <source>the plugin does not fit this version</source>
        <translation>插件与此版本不匹配</translation>
    </message>
    <message>
        <source>the plugin is not trusted: others may write to it</source>
        <translation>插件不可信：其他人可以改写它</translation>
    </message>
    <message>
        <source>the plugin failed and is switched off</source>
        <translation>插件出错，已停用</translation>
    </message>
    <message>
        <source>no usable GPU was found</source>
        <translation>没有找到可用的 GPU</translation>
    </message>
    <message>
        <source>the GPU has too little memory for this model</source>
        <translation>GPU 内存不足以装载该模型</translation>
    </message>
    <message>
        <source>the GPU has too little memory for this question</source>
        <translation>GPU 内存不足以回答该问题</translation>
    </message>
    <message>
        <source>the GPU failed</source>
        <translation>GPU 出错</translation>
    </message>
    <message>
        <source>there is too little memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>the engine does not answer any more</source>
        <translation>引擎不再响应</translation>
    </message>
    <message>
        <source>the engine is missing; install the program again</source>
        <translation>缺少引擎；请重新安装程序</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>an internal error; please report it</source>
        <translation>内部错误；请报告</translation>
    </message>
</context>
<context>
    <name>Station</name>
    <message>
        <source>Simulated line</source>
        <translation>模拟产线</translation>
    </message>
    <message>
        <source>%1; reconnecting (try %2)</source>
        <translation>%1；正在重新连接（第 %2 次）</translation>
    </message>
    <message>
        <source>expected: %1</source>
        <translation>期望：%1</translation>
    </message>
    <message>
        <source>the model was never trained</source>
        <translation>模型从未训练过</translation>
    </message>
    <message>
        <source>probability %1 is below %2</source>
        <translation>概率 %1 低于 %2</translation>
    </message>
    <message>
        <source>the model gave no usable probability</source>
        <translation>模型没有给出可用的概率</translation>
    </message>
    <message>
        <source>the answer was cut at the token limit</source>
        <translation>回答因词元上限被截断</translation>
    </message>
    <message>
        <source>“%1” is not one of the declared answers</source>
        <translation>“%1”不是声明的答案之一</translation>
    </message>
    <message>
        <source>There is no live picture; nothing can be inspected.</source>
        <translation>没有实时画面；无法检测。</translation>
    </message>
    <message>
        <source>Choose source</source>
        <translation>选择图像源</translation>
    </message>
    <message>
        <source>The model from before goes on answering.</source>
        <translation>原来的模型继续回答。</translation>
    </message>
    <message>
        <source>Questions cannot be answered.</source>
        <translation>无法回答问题。</translation>
    </message>
    <message>
        <source>Choose model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Answers are shown but not stored, and none of them counts as OK.</source>
        <translation>回答会显示但不会保存，也都不算 OK。</translation>
    </message>
    <message>
        <source>Questions get no answer until the new size is accepted.</source>
        <translation>在接受新尺寸之前，问题不会得到回答。</translation>
    </message>
    <message>
        <source>Accept new size</source>
        <translation>接受新尺寸</translation>
    </message>
    <message>
        <source>Saved cameras, their logins or settings may be missing.</source>
        <translation>已保存的相机、登录信息或设置可能丢失。</translation>
    </message>
    <message>
        <source>The judgement was not stored. Give it again.</source>
        <translation>判断未能保存，请再给一次。</translation>
    </message>
    <message>
        <source>The counters were not reset.</source>
        <translation>计数器未能清零。</translation>
    </message>
</context>
<context>
    <name>auroraedge::app::InspectionSession</name>
    <message>
        <source>there is no picture to ask about</source>
        <translation>没有可提问的图片</translation>
    </message>
    <message>
        <source>answers wait for the disk; ask again when they are stored</source>
        <translation>回答正在等待写入磁盘；保存后请再次提问</translation>
    </message>
    <message>
        <source>another question is still being answered</source>
        <translation>另一个问题仍在回答中</translation>
    </message>
    <message>
        <source>the marked part is too small; mark at least %1 x %1 pixels</source>
        <translation>标记的区域太小；至少标记 %1 x %1 像素</translation>
    </message>
</context>
<context>
    <name>auroraedge::app::ModelDesk</name>
    <message>
        <source>%1 was imported.</source>
        <translation>已导入 %1。</translation>
    </message>
    <message>
        <source>The import was cancelled; nothing is left of it.</source>
        <translation>导入已取消，没有留下任何文件。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>The check was cancelled.</source>
        <translation>检查已取消。</translation>
    </message>
    <message>
        <source>There is no list of hashes to compare with.</source>
        <translation>没有可供比对的哈希清单。</translation>
    </message>
    <message>
        <source>All files are as they should be.</source>
        <translation>所有文件都完好。</translation>
    </message>
    <message>
        <source>Altered or missing: %1</source>
        <translation>被改动或缺失：%1</translation>
    </message>
    <message>
        <source>The model was removed.</source>
        <translation>模型已删除。</translation>
    </message>
    <message>
        <source>The measuring was stopped.</source>
        <translation>测速已停止。</translation>
    </message>
    <message>
        <source>The speed was measured.</source>
        <translation>测速完成。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::AboutPanel</name>
    <message>
        <source>Asks a vision-language model on this computer about what a camera sees. Pictures and answers stay on this computer.</source>
        <translation>用本机上的视觉语言模型回答关于相机画面的问题。图片和回答都只保存在本机。</translation>
    </message>
    <message>
        <source>Version %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Ask about the picture on the screen; with an empty field: the last question again</source>
        <translation>就屏幕上的图片提问；输入框为空时重复上一个问题</translation>
    </message>
    <message>
        <source>F1 to F8</source>
        <translation>F1 至 F8</translation>
    </message>
    <message>
        <source>Preset question</source>
        <translation>预设问题</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <source>Freeze the picture, and go live again</source>
        <translation>冻结画面，再按恢复实时</translation>
    </message>
    <message>
        <source>/</source>
        <translation>/</translation>
    </message>
    <message>
        <source>Go to the question field; Up and Down step through earlier questions</source>
        <translation>跳到问题输入框；上下键翻阅以前的问题</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Home、End</translation>
    </message>
    <message>
        <source>Whole picture, one sensor pixel on one screen pixel</source>
        <translation>显示整幅图片；一个传感器像素对应一个屏幕像素</translation>
    </message>
    <message>
        <source>+ and -, arrows</source>
        <translation>+ 和 -、方向键</translation>
    </message>
    <message>
        <source>Zoom and move the picture</source>
        <translation>缩放和移动图片</translation>
    </message>
    <message>
        <source>Ctrl+1, 2, 3</source>
        <translation>Ctrl+1、2、3</translation>
    </message>
    <message>
        <source>Live, Models, About</source>
        <translation>实时、模型、关于</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>使用的软件</translation>
    </message>
    <message>
        <source>public domain</source>
        <translation>公有领域</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Go back, or cancel the running question</source>
        <translation>返回，或取消正在回答的问题</translation>
    </message>
    <message>
        <source>Enter, O</source>
        <translation>回车、O</translation>
    </message>
    <message>
        <source>Confirm an NG that waits, overrule it</source>
        <translation>确认或否决等待处理的 NG</translation>
    </message>
    <message>
        <source>J, K</source>
        <translation>J、K</translation>
    </message>
    <message>
        <source>Older and newer answers, with their pictures</source>
        <translation>较早和较新的回答及其图片</translation>
    </message>
    <message>
        <source>D</source>
        <translation>D</translation>
    </message>
    <message>
        <source>Draw the part to ask about: arrows, Shift+arrows, Enter; Delete removes it</source>
        <translation>画出要提问的区域：方向键、Shift+方向键、回车；Delete 清除</translation>
    </message>
    <message>
        <source>T</source>
        <translation>T</translation>
    </message>
    <message>
        <source>Ask again and again, or on motion</source>
        <translation>反复提问，或在有运动时提问</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::AnswerDelegate</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::AnswerText</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::AskBar</name>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Ask about this picture</source>
        <translation>就这幅图片提问</translation>
    </message>
    <message>
        <source>Space, or Enter in the field</source>
        <translation>空格键，或在输入框中按回车</translation>
    </message>
    <message>
        <source>A question is being answered.</source>
        <translation>正在回答一个问题。</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>恢复实时</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Go back to the live picture</source>
        <translation>回到实时画面</translation>
    </message>
    <message>
        <source>Freeze the picture</source>
        <translation>冻结画面</translation>
    </message>
    <message>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <source>There is no picture to freeze.</source>
        <translation>没有可冻结的画面。</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Draw the part to ask about</source>
        <translation>画出要提问的区域</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>触发</translation>
    </message>
    <message>
        <source>What asks without a person</source>
        <translation>无人操作时由什么触发提问</translation>
    </message>
    <message>
        <source>Ask again and again, or on motion (T)</source>
        <translation>反复提问，或在有运动时提问 (T)</translation>
    </message>
    <message>
        <source>Ask, or repeat: %1</source>
        <translation>提问，或重复：%1</translation>
    </message>
    <message>
        <source>Draw the part to ask about (D)</source>
        <translation>画出要提问的区域 (D)</translation>
    </message>
    <message>
        <source>There is no picture to draw on.</source>
        <translation>没有可以画区域的图片。</translation>
    </message>
    <message>
        <source>Esc cancel · F freeze · J earlier answers</source>
        <translation>Esc 取消 · F 冻结 · J 较早的回答</translation>
    </message>
    <message>
        <source>F1–F8 question · Space ask · / type · F freeze · D region · T trigger · J earlier</source>
        <translation>F1–F8 问题 · 空格 提问 · / 输入 · F 冻结 · D 区域 · T 触发 · J 较早</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::CameraSettingsCard</name>
    <message>
        <source>The camera sees to it itself.</source>
        <translation>由相机自动调节。</translation>
    </message>
    <message>
        <source>This camera has no such setting.</source>
        <translation>此相机没有这项设置。</translation>
    </message>
    <message>
        <source>The camera does not let it be changed.</source>
        <translation>相机不允许更改此项。</translation>
    </message>
    <message>
        <source>The camera did not take the value; this is what it has.</source>
        <translation>相机没有接受该值；这是它现在的值。</translation>
    </message>
    <message>
        <source>Camera settings</source>
        <translation>相机设置</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光</translation>
    </message>
    <message>
        <source>White balance</source>
        <translation>白平衡</translation>
    </message>
    <message>
        <source>Focus</source>
        <translation>对焦</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>%1 automatic</source>
        <translation>%1自动</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::FaultBar</name>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1  %2</source>
        <translation>%1  %2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::LatencyCard</name>
    <message>
        <source>Time of each stage</source>
        <translation>各阶段用时</translation>
    </message>
    <message>
        <source>picture features reused</source>
        <translation>复用了图片特征</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Prepare</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>Encode</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Compress</source>
        <translation>压缩</translation>
    </message>
    <message>
        <source>Fuse</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Each stage of the next answer is shown here in milliseconds.</source>
        <translation>下一个回答的各阶段用时将以毫秒显示在这里。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::LiveCorner</name>
    <message>
        <source>Back to the live picture</source>
        <translation>回到实时画面</translation>
    </message>
    <message>
        <source>Back to the live picture (Esc)</source>
        <translation>回到实时画面 (Esc)</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>实时</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::LivePanel</name>
    <message>
        <source>Type a question first.</source>
        <translation>请先输入问题。</translation>
    </message>
    <message>
        <source>A question is being answered.</source>
        <translation>正在回答一个问题。</translation>
    </message>
    <message>
        <source>No model is loaded: open the Models page.</source>
        <translation>没有装载模型：请打开“模型”页。</translation>
    </message>
    <message>
        <source>The model is loading. The picture can be watched meanwhile.</source>
        <translation>正在装载模型，期间可以观看画面。</translation>
    </message>
    <message>
        <source>The model could not be loaded: open the Models page.</source>
        <translation>模型无法装载：请打开“模型”页。</translation>
    </message>
    <message>
        <source>Choose a picture source first.</source>
        <translation>请先选择图像源。</translation>
    </message>
    <message>
        <source>There is no picture to ask about yet.</source>
        <translation>还没有可提问的图片。</translation>
    </message>
    <message>
        <source>The source gives no picture; an old one gets no answer.</source>
        <translation>图像源没有画面；旧图片不予回答。</translation>
    </message>
    <message>
        <source>1–5 reason · Esc back</source>
        <translation>1–5 原因 · Esc 返回</translation>
    </message>
    <message>
        <source>Drag, or arrows move · Shift+arrows size · Enter use · Delete whole picture · Esc leave</source>
        <translation>拖动，或方向键移动 · Shift+方向键 大小 · 回车 使用 · Delete 整幅图片 · Esc 离开</translation>
    </message>
    <message>
        <source>Enter confirm NG · O overrule · J older · K newer · F1–F8 ask live · Esc live picture</source>
        <translation>回车 确认 NG · O 否决 · J 较早 · K 较新 · F1–F8 实时提问 · Esc 实时画面</translation>
    </message>
    <message>
        <source>J older · K newer · F1–F8 ask live · Home whole · End 100 % · Esc live picture</source>
        <translation>J 较早 · K 较新 · F1–F8 实时提问 · Home 整幅 · End 100 % · Esc 实时画面</translation>
    </message>
    <message>
        <source>Enter confirm NG · O overrule · F1–F8 question · Space ask · / type · F freeze</source>
        <translation>回车 确认 NG · O 否决 · F1–F8 问题 · 空格 提问 · / 输入 · F 冻结</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::MainWindow</name>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ModelPanel</name>
    <message>
        <source>Loading</source>
        <translation>正在装载</translation>
    </message>
    <message>
        <source>Open model folder</source>
        <translation>打开模型文件夹</translation>
    </message>
    <message>
        <source>Cancel loading</source>
        <translation>取消装载</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Open a model folder to start.</source>
        <translation>打开一个模型文件夹以开始。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>A model is being loaded.</source>
        <translation>正在装载模型。</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Memory for weights</source>
        <translation>权重占用内存</translation>
    </message>
    <message>
        <source>Load time</source>
        <translation>装载用时</translation>
    </message>
    <message>
        <source>Picture tokens</source>
        <translation>图片词元</translation>
    </message>
    <message>
        <source>Longest question</source>
        <translation>最长问题</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>打开模型文件夹</translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation>尚未检查</translation>
    </message>
    <message>
        <source>all are as they should be</source>
        <translation>全部完好</translation>
    </message>
    <message>
        <source>altered or missing: %1</source>
        <translation>被改动或缺失：%1</translation>
    </message>
    <message>
        <source>there is no SHA256SUMS to compare with</source>
        <translation>没有可供比对的 SHA256SUMS</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>尚未测速</translation>
    </message>
    <message>
        <source>%1 an answer, 95 % below %2 (%3 answers, %4)</source>
        <translation>每个回答 %1，95 % 低于 %2（%3 个回答，%4）</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Folder of a model to bring in</source>
        <translation>要导入的模型文件夹</translation>
    </message>
    <message>
        <source>Folder to import</source>
        <translation>要导入的文件夹</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>auto device</source>
        <translation>自动设备</translation>
    </message>
    <message>
        <source>auto precision</source>
        <translation>自动精度</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>装载</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Measure speed</source>
        <translation>测速</translation>
    </message>
    <message>
        <source>Check files</source>
        <translation>检查文件</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Selected model</source>
        <translation>所选模型</translation>
    </message>
    <message>
        <source>Importing the model</source>
        <translation>正在导入模型</translation>
    </message>
    <message>
        <source>Checking the files</source>
        <translation>正在检查文件</translation>
    </message>
    <message>
        <source>Measuring the speed</source>
        <translation>正在测速</translation>
    </message>
    <message>
        <source>Free memory %1</source>
        <translation>可用内存 %1</translation>
    </message>
    <message>
        <source>Choose a model and load it.</source>
        <translation>请选择模型并装载。</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>在磁盘上</translation>
    </message>
    <message>
        <source>Needs</source>
        <translation>需要</translation>
    </message>
    <message>
        <source>%1 of memory, more than the %2 that are free</source>
        <translation>%1 内存，超过可用的 %2</translation>
    </message>
    <message>
        <source>%1 of memory</source>
        <translation>%1 内存</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Speed here</source>
        <translation>本机速度</translation>
    </message>
    <message>
        <source>Something is being done already.</source>
        <translation>正在进行另一项操作。</translation>
    </message>
    <message>
        <source>Unload the model first.</source>
        <translation>请先卸载模型。</translation>
    </message>
    <message>
        <source>Remove for good</source>
        <translation>永久删除</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ModelRow</name>
    <message>
        <source>%1 billion</source>
        <translation>%1 ×10⁹</translation>
    </message>
    <message>
        <source>%1 million</source>
        <translation>%1 百万</translation>
    </message>
    <message>
        <source>not readable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>正在装载</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>on disk</source>
        <translation>在磁盘上</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1 an answer</source>
        <translation>每个回答 %1</translation>
    </message>
    <message>
        <source>files were altered</source>
        <translation>文件被改动过</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::MotionMeter</name>
    <message>
        <source>Motion</source>
        <translation>运动</translation>
    </message>
    <message>
        <source>%1, a part from %2</source>
        <translation>%1，从 %2 起算作零件</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::NavigationRail</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::NetworkCameraCard</name>
    <message>
        <source>Network camera</source>
        <translation>网络相机</translation>
    </message>
    <message>
        <source>Address, such as rtsp://camera.local/stream</source>
        <translation>地址，例如 rtsp://camera.local/stream</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Name in the list</source>
        <translation>列表中的名称</translation>
    </message>
    <message>
        <source>TCP</source>
        <translation>TCP</translation>
    </message>
    <message>
        <source>Sent by TCP: nothing is lost on the way</source>
        <translation>用 TCP 传送：途中不会丢失</translation>
    </message>
    <message>
        <source>UDP</source>
        <translation>UDP</translation>
    </message>
    <message>
        <source>Sent by UDP: quicker in a good network</source>
        <translation>用 UDP 传送：网络良好时更快</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Wait up to %1 seconds for the first picture</source>
        <translation>最多等待 %1 秒取得第一张图像</translation>
    </message>
    <message>
        <source>Picture of the test</source>
        <translation>测试图像</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Save and open</source>
        <translation>保存并打开</translation>
    </message>
    <message>
        <source>Login and password are kept on this station only, encrypted, in a file that no other user may read. Whoever may read all files of this user could still decrypt them.</source>
        <translation>登录名和密码只加密保存在本机，其他用户无法读取该文件。能读取此用户全部文件的人仍可将其解密。</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>停止测试</translation>
    </message>
    <message>
        <source>Test the camera before it is saved.</source>
        <translation>保存前请先测试相机。</translation>
    </message>
    <message>
        <source>Waiting for a picture …</source>
        <translation>正在等待图像…</translation>
    </message>
    <message>
        <source>It works: %1 x %2, %3 fps</source>
        <translation>工作正常：%1 x %2，%3 帧/秒</translation>
    </message>
    <message>
        <source>An address looks like rtsp://camera.local/stream</source>
        <translation>地址形如 rtsp://camera.local/stream</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::PictureView</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>还没有图片</translation>
    </message>
    <message>
        <source>Choose a camera, a file or the simulated line.</source>
        <translation>请选择相机、文件或模拟产线。</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>正在打开 %1</translation>
    </message>
    <message>
        <source>Camera lost</source>
        <translation>相机断开</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>Waiting for the first picture</source>
        <translation>等待第一幅图片</translation>
    </message>
    <message>
        <source>The recording has ended</source>
        <translation>录像已结束</translation>
    </message>
    <message>
        <source>SIMULATION</source>
        <translation>模拟</translation>
    </message>
    <message>
        <source>FROZEN</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>FROZEN %1 s</source>
        <translation>已冻结 %1 秒</translation>
    </message>
    <message>
        <source>age %1</source>
        <translation>延迟 %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>%1 × %2 px</source>
        <translation>%1 × %2 像素</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::PresetButton</name>
    <message>
        <source>%1, key %2</source>
        <translation>%1，按键 %2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::RecentStrip</name>
    <message>
        <source>Last answers</source>
        <translation>最近的回答</translation>
    </message>
    <message>
        <source>The last answers are kept here, with their pictures.</source>
        <translation>最近的回答及其图片保存在这里。</translation>
    </message>
    <message>
        <source>to review</source>
        <translation>待审</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>overruled</source>
        <translation>已否决</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::RegionBar</name>
    <message>
        <source>Use region</source>
        <translation>使用区域</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>整幅图片</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ResultCard</name>
    <message>
        <source>Preparing the picture</source>
        <translation>准备图片</translation>
    </message>
    <message>
        <source>Looking at the picture</source>
        <translation>查看图片</translation>
    </message>
    <message>
        <source>Joining picture and question</source>
        <translation>结合图片与问题</translation>
    </message>
    <message>
        <source>Reading the question</source>
        <translation>阅读问题</translation>
    </message>
    <message>
        <source>Writing the answer</source>
        <translation>书写回答</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>No answer yet</source>
        <translation>还没有回答</translation>
    </message>
    <message>
        <source>Press a preset question, or type one and press Ask. The answer appears here with its picture.</source>
        <translation>按一个预设问题，或输入问题后按“提问”。回答将连同图片显示在这里。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>Waiting for the engine</source>
        <translation>等待引擎</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>正在取消</translation>
    </message>
    <message>
        <source>Answer of %1</source>
        <translation>%1 的回答</translation>
    </message>
    <message>
        <source>Answer of %1, cut at the length limit</source>
        <translation>%1 的回答，因长度限制被截断</translation>
    </message>
    <message>
        <source>Earlier answer, %1</source>
        <translation>较早的回答，%1</translation>
    </message>
    <message>
        <source>%1, about this earlier picture</source>
        <translation>%1，关于这幅较早的图片</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Probability %1</source>
        <translation>概率 %1</translation>
    </message>
    <message>
        <source>Expected: %1</source>
        <translation>期望：%1</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>没有回答</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ReviewBar</name>
    <message>
        <source>Part is good</source>
        <translation>零件合格</translation>
    </message>
    <message>
        <source>Reflection or dirt</source>
        <translation>反光或脏污</translation>
    </message>
    <message>
        <source>Wrong part in view</source>
        <translation>画面中零件不对</translation>
    </message>
    <message>
        <source>Picture is bad</source>
        <translation>图片质量差</translation>
    </message>
    <message>
        <source>Good, other reason</source>
        <translation>合格，其他原因</translation>
    </message>
    <message>
        <source>Confirm NG</source>
        <translation>确认 NG</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Overrule</source>
        <translation>否决</translation>
    </message>
    <message>
        <source>O</source>
        <translation>O</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Records %1</source>
        <translation>记录为 %1</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>Overruled to %1</source>
        <translation>已改判为 %1</translation>
    </message>
    <message>
        <source>Storing the review</source>
        <translation>正在保存审核</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ShiftCard</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 M</source>
        <translation>%1 百万</translation>
    </message>
    <message>
        <source>Counters</source>
        <translation>计数</translation>
    </message>
    <message>
        <source>total</source>
        <translation>总数</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>yield</source>
        <translation>合格率</translation>
    </message>
    <message>
        <source>last hour</source>
        <translation>近一小时</translation>
    </message>
    <message>
        <source>since</source>
        <translation>起始</translation>
    </message>
    <message>
        <source>Reset the counters</source>
        <translation>计数清零</translation>
    </message>
    <message>
        <source>Count from zero again? Stored answers stay.</source>
        <translation>从零重新计数？已保存的回答不受影响。</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>清零</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>start</source>
        <translation>最初</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::SourceChooser</name>
    <message>
        <source>Choose a picture source</source>
        <translation>选择图像源</translation>
    </message>
    <message>
        <source>Picture source</source>
        <translation>图像源</translation>
    </message>
    <message>
        <source>Simulated line</source>
        <translation>模拟产线</translation>
    </message>
    <message>
        <source>Recorded bottles on a belt; needs no camera</source>
        <translation>传送带上瓶子的录像；不需要相机</translation>
    </message>
    <message>
        <source>Video or picture file</source>
        <translation>视频或图片文件</translation>
    </message>
    <message>
        <source>Played at its own pace</source>
        <translation>按原速播放</translation>
    </message>
    <message>
        <source>Folder of pictures</source>
        <translation>图片文件夹</translation>
    </message>
    <message>
        <source>One picture after the other</source>
        <translation>逐幅显示</translation>
    </message>
    <message>
        <source>Network camera</source>
        <translation>网络相机</translation>
    </message>
    <message>
        <source>Open a video or a picture</source>
        <translation>打开视频或图片</translation>
    </message>
    <message>
        <source>Videos and pictures (*.mp4 *.avi *.mkv *.mov *.jpg *.jpeg *.png *.bmp *.tif *.tiff)</source>
        <translation>视频和图片 (*.mp4 *.avi *.mkv *.mov *.jpg *.jpeg *.png *.bmp *.tif *.tiff)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>打开图片文件夹</translation>
    </message>
    <message>
        <source>RTSP or HTTP: test it and save it</source>
        <translation>RTSP 或 HTTP：测试并保存</translation>
    </message>
    <message>
        <source>Camera settings</source>
        <translation>相机设置</translation>
    </message>
    <message>
        <source>Exposure, white balance, focus, gain</source>
        <translation>曝光、白平衡、对焦、增益</translation>
    </message>
    <message>
        <source>Remove %1 and its password</source>
        <translation>删除 %1 及其密码</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::StatusStrip</name>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Frames that a newer one replaced before they were used: the live picture never falls behind.</source>
        <translation>在使用前被更新的帧取代的帧数：实时画面从不滞后。</translation>
    </message>
    <message>
        <source>%1 fps</source>
        <translation>%1 帧/秒</translation>
    </message>
    <message>
        <source>– fps</source>
        <translation>– 帧/秒</translation>
    </message>
    <message>
        <source>%1 frames replaced</source>
        <translation>已取代 %1 帧</translation>
    </message>
    <message>
        <source>%1 answers stored, %2 waiting</source>
        <translation>已保存 %1 个回答，%2 个等待</translation>
    </message>
    <message>
        <source>%1 answers stored</source>
        <translation>已保存 %1 个回答</translation>
    </message>
    <message>
        <source>age %1</source>
        <translation>延迟 %1</translation>
    </message>
    <message>
        <source>age –</source>
        <translation>延迟 –</translation>
    </message>
    <message>
        <source>NO SOURCE</source>
        <translation>无图像源</translation>
    </message>
    <message>
        <source>OPENING</source>
        <translation>正在打开</translation>
    </message>
    <message>
        <source>LOADING MODEL</source>
        <translation>装载模型</translation>
    </message>
    <message>
        <source>NO MODEL</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>READY</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>BUSY</source>
        <translation>忙</translation>
    </message>
    <message>
        <source>FAULT</source>
        <translation>故障</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::Stepper</name>
    <message>
        <source>%1: less</source>
        <translation>%1：减少</translation>
    </message>
    <message>
        <source>%1: more</source>
        <translation>%1：增加</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::StoredPicture</name>
    <message>
        <source>Picture of the earlier answer</source>
        <translation>较早回答的图片</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Newer answer</source>
        <translation>较新的回答</translation>
    </message>
    <message>
        <source>K</source>
        <translation>K</translation>
    </message>
    <message>
        <source>Older answer</source>
        <translation>较早的回答</translation>
    </message>
    <message>
        <source>J</source>
        <translation>J</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Loading the picture</source>
        <translation>正在读取图片</translation>
    </message>
    <message>
        <source>The picture is missing or altered</source>
        <translation>图片缺失或被改动过</translation>
    </message>
    <message>
        <source>What was answered is still in the database.</source>
        <translation>回答内容仍在数据库中。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::Thumbnail</name>
    <message>
        <source>Picture of this answer</source>
        <translation>该回答的图片</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::TopBar</name>
    <message>
        <source>Picture source</source>
        <translation>图像源</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Choose a source</source>
        <translation>选择图像源</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>正在打开</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>lost, trying again</source>
        <translation>断开，正在重试</translation>
    </message>
    <message>
        <source>not available</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>not loaded</source>
        <translation>未装载</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>正在装载</translation>
    </message>
    <message>
        <source>loading %1</source>
        <translation>正在装载 %1</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>could not be loaded</source>
        <translation>无法装载</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::TriggerBar</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 asked, %2 skipped</source>
        <translation>已提问 %1，跳过 %2</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>定时</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>运动</translation>
    </message>
    <message>
        <source>Only a person asks</source>
        <translation>仅由人提问</translation>
    </message>
    <message>
        <source>Asks again and again</source>
        <translation>反复提问</translation>
    </message>
    <message>
        <source>Asks once for each part that comes to rest</source>
        <translation>每个停稳的零件提问一次</translation>
    </message>
    <message>
        <source>Time between two questions</source>
        <translation>两次提问的间隔</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Change that counts as motion</source>
        <translation>算作运动的变化量</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>Asked by the trigger: %1 Press for the next question.</source>
        <translation>触发提问：%1 按下切换下一个问题。</translation>
    </message>
    <message>
        <source>Question of the trigger: %1</source>
        <translation>触发的问题：%1</translation>
    </message>
    <message>
        <source>motion %1</source>
        <translation>运动 %1</translation>
    </message>
    <message>
        <source>every %1 s: %2</source>
        <translation>每 %1 秒：%2</translation>
    </message>
    <message>
        <source>on motion: %1</source>
        <translation>有运动时：%1</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::VerdictTile</name>
    <message>
        <source>Verdict %1</source>
        <translation>判定 %1</translation>
    </message>
</context>
<context>
    <name>durations</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
</TS>
